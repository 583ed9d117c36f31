import Crypto

/// A token as an API server would sign it (RFC 7519), for an hour, for the canary's account.
package struct ServiceAccountToken: Sendable {
    package var issuer: String
    package var audiences: [String]
    package var uid: String
    /// Seconds since 1970.
    package var now: Int64
    package var keyIdentifier: String

    package init(issuer: String, audiences: [String], uid: String, now: Int64, keyIdentifier: String) {
        self.issuer = issuer
        self.audiences = audiences
        self.uid = uid
        self.now = now
        self.keyIdentifier = keyIdentifier
    }

    /// Header and claims, joined by a dot: what is signed.
    package var signingInput: String {
        let header = "{\"alg\":\"RS256\",\"kid\":\"\(keyIdentifier)\"}"
        let account = "\"serviceaccount\":{\"name\":\"default\",\"uid\":\"\(uid)\"}"
        let meant = audiences.map { "\"\($0)\"" }.joined(separator: ",")
        let claims =
            "{\"aud\":[\(meant)],\"exp\":\(now + 3600),\"iat\":\(now - 60),\"iss\":\"\(issuer)\",\"kubernetes.io\":{\"namespace\":\"kube-system\",\(account)},\"nbf\":\(now - 60),\"sub\":\"system:serviceaccount:kube-system:default\"}"
        return Self.encode(Array(header.utf8)) + "." + Self.encode(Array(claims.utf8))
    }

    /// Base64url without padding (RFC 7515).
    package static func encode(_ bytes: some Sequence<UInt8>) -> String {
        Base64.encode(Array(bytes)).replacing("\n", with: "").replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }

    /// The `kid` that API servers give a key: SHA-256 of its SubjectPublicKeyInfo.
    package static func keyIdentifier(ofDER key: [UInt8]) -> String { encode(SHA256.hash(data: key)) }
}
