import Crypto
import Foundation

/// A public key that a server presents or known_hosts holds: type and blob (RFC 4253, 6.6).
package struct HostKey: Sendable, Hashable {
    /// For example `ssh-ed25519`.
    package var type: String
    package var blob: [UInt8]

    /// Reads the type out of the blob; `nil` when it is not one.
    package init?(blob: [UInt8]) {
        var reader = WireReader(blob)
        guard let type = reader.text(), (1...64).contains(type.utf8.count) else { return nil }
        self.type = type
        self.blob = blob
    }

    /// `SHA256:` and unpadded base64, as OpenSSH prints it.
    package var fingerprint: String {
        let text = Data(SHA256.hash(data: blob)).base64EncodedString()
        return "SHA256:" + text.replacing("=", with: "")
    }

    package var base64: String { Data(blob).base64EncodedString() }
}
