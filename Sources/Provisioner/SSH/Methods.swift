internal import CLibSSH2

/// What may be used of what libssh2 has: no SHA-1, no CBC, no arcfour, no 3des, no md5, no dss.
///
/// Names that only a newer libssh2 knows stand here too; the library passes over those that it lacks.
enum Methods {
    static let keyExchange = [
        "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256", "ecdh-sha2-nistp384",
        "ecdh-sha2-nistp521", "diffie-hellman-group-exchange-sha256", "diffie-hellman-group16-sha512",
        "diffie-hellman-group18-sha512", "diffie-hellman-group14-sha256",
    ]
    static let hostKeys = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512",
        "rsa-sha2-256",
    ]
    static let ciphers = [
        "aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes256-ctr", "aes192-ctr",
    ]
    static let codes = [
        "hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512",
    ]

    /// The key type, as known_hosts names it, behind a signature algorithm.
    static func keyType(of algorithm: String) -> String { algorithm.hasPrefix("rsa-sha2-") ? "ssh-rsa" : algorithm }

    /// Those of the list that the library has, in the list's order.
    static func supported(_ list: [String], _ method: Int32, _ session: OpaquePointer) -> [String] {
        var names: UnsafeMutablePointer<UnsafePointer<CChar>?>?
        let count = libssh2_session_supported_algs(session, method, &names)
        guard count > 0, let names else { return [] }
        defer { libssh2_free(session, names) }
        let known = Set((0..<Int(count)).compactMap { names[$0].map { String(cString: $0) } })
        return list.filter(known.contains)
    }

    /// Why a user's key of this type cannot be used with the library's signature algorithms; `nil` when it can.
    static func unsupported(key type: String, by signatures: Set<String>) -> String? {
        if signatures.contains(where: { keyType(of: $0) == type }) { return nil }
        let version = libssh2_version(0).map { String(cString: $0) } ?? "here"
        return type == "ssh-rsa"
            ? "libssh2 \(version) signs with RSA by SHA-1 only (no rsa-sha2), which OpenSSH 8.8 and newer refuse"
            : "libssh2 \(version) cannot sign with \(type)"
    }
}
