import SwiftASN1
import X509

/// What is handed out of a pair: a certificate, or a public key.
package enum PublicPart {
    /// Whether a PEM block can be read as one of the two.
    package static func isReadable(_ block: String) -> Bool {
        if (try? X509.Certificate(pemEncoded: block)) != nil { return true }
        return (try? X509.Certificate.PublicKey(pemEncoded: block)) != nil
    }
}
