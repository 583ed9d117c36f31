/// Where a certificate and its private key lie.
package struct KeyPairPaths: Sendable, Hashable {
    package var certificate: String
    package var key: String

    package init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }

    /// `DIRECTORY/NAME.crt` and `DIRECTORY/NAME.key`.
    package init(directory: String, name: String) {
        self.init(certificate: "\(directory)/\(name).crt", key: "\(directory)/\(name).key")
    }
}
