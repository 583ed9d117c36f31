import Foundation
import Glibc

/// What a private key file tells without its passphrase: the kind, the public half, whether it is encrypted.
package struct KeyFile: Sendable, Equatable {
    package let path: String
    /// `nil` where neither the file nor `PATH.pub` tells.
    package let publicKey: HostKey?
    package let isEncrypted: Bool
    /// A public key only; the private half must be in the agent.
    package let isPublicOnly: Bool
    /// RSA by its PEM header or object identifier.
    private let isPEMRSA: Bool

    package enum Problem: Error, Sendable, Equatable {
        case unreadable(String)
        /// Ours, and others can read it; OpenSSH ignores such a key.
        case permissions(mode: UInt32)
    }

    package init(path: String) throws(Problem) {
        guard let data = FileManager.default.contents(atPath: path) else { throw .unreadable("cannot be read") }
        let text = String(decoding: data, as: UTF8.self)
        let body = Self.body(text)
        let header = OpenSSHHeader(body)
        let beside = FileManager.default.contents(atPath: path + ".pub").flatMap {
            Self.publicKey(String(decoding: $0, as: UTF8.self))
        }
        let own = Self.publicKey(text)
        self.path = path
        isPublicOnly = own != nil
        publicKey = own ?? header?.publicKey ?? beside
        isEncrypted = header.map { $0.cipher != "none" } ?? text.contains("ENCRYPTED")
        isPEMRSA = text.contains("BEGIN RSA PRIVATE KEY") || body.firstRange(of: Self.rsaEncryption) != nil
        if !isPublicOnly { try Self.checkMode(path) }
    }

    /// Why libssh2 cannot sign with this key; `nil` when it can.
    package func unsupported(by signatures: Set<String>) -> String? {
        if FileManager.default.fileExists(atPath: path + "-cert.pub") { return "libssh2 cannot use its certificate" }
        let type = publicKey?.type ?? (isPEMRSA ? "ssh-rsa" : nil)
        return type.flatMap { Methods.unsupported(key: $0, by: signatures) }
    }

    /// 1.2.840.113549.1.1.1 in DER, as it stands in a PKCS #8 key.
    private static let rsaEncryption = Data([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01])

    private static func body(_ text: String) -> Data {
        let lines = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") && !$0.contains(":") }
        return Data(base64Encoded: lines.joined()) ?? Data()
    }

    private static func publicKey(_ text: String) -> HostKey? {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.count >= 2, let blob = Data(base64Encoded: words[1]), let key = HostKey(blob: Array(blob)),
            key.type == words[0]
        else { return nil }
        return key
    }

    private static func checkMode(_ path: String) throws(Problem) {
        var status = stat()
        guard stat(path, &status) == 0 else { throw .unreadable(String(cString: strerror(errno))) }
        let mode = status.st_mode & 0o777
        if status.st_uid == getuid(), mode & 0o077 != 0 { throw .permissions(mode: mode) }
    }

    /// The unencrypted head of an `openssh-key-v1` file.
    private struct OpenSSHHeader {
        let cipher: String
        let publicKey: HostKey?

        init?(_ body: Data) {
            let magic = Data("openssh-key-v1\0".utf8)
            guard body.starts(with: magic) else { return nil }
            var reader = WireReader(body.dropFirst(magic.count))
            guard let cipher = reader.text(), reader.string() != nil, reader.string() != nil, reader.number() != nil
            else { return nil }
            self.cipher = cipher
            publicKey = reader.string().flatMap(HostKey.init)
        }
    }
}
