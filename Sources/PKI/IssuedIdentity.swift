/// A client certificate that was given out to a person or a program: whom the end of its authority locks out.
package struct IssuedIdentity: Sendable, Hashable, Codable {
    /// Common name, as the API knows its holder.
    package var name: String
    package var groups: [String]
    /// Hexadecimal.
    package var serial: String
    /// Seconds since 1970.
    package var notAfter: Int64
    /// SHA-256 of its authority's public key, hexadecimal; empty where this store did not know it.
    ///
    /// Not of the certificate, which may be extended.
    package var issuer: String
    package var issuerName: String
    /// When it was given out first, seconds since 1970.
    package var issued: Int64

    package init(
        name: String,
        groups: [String],
        serial: String,
        notAfter: Int64,
        issuer: String,
        issuerName: String,
        issued: Int64
    ) {
        self.name = name
        self.groups = groups
        self.serial = serial
        self.notAfter = notAfter
        self.issuer = issuer
        self.issuerName = issuerName
        self.issued = issued
    }

    /// `jane (developers)`.
    package var holder: String { groups.isEmpty ? name : "\(name) (\(groups.sorted().joined(separator: ", ")))" }
}
