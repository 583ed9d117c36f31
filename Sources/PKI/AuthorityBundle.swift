import FoundationEssentials
package import Templates

/// The authorities of one cluster with their keys, as they lie in an export.
///
/// In memory only until it is sealed: it holds the keys in the plain.
package struct AuthorityBundle: Sendable, Codable {
    package struct Member: Sendable, Codable {
        package var name: String
        package var generation: Int
        /// PEM.
        package var certificate: String
        /// PEM, without a passphrase: the seal is its protection.
        var key: String
    }

    /// Of the format.
    package var version = 1
    /// The cluster's UUID.
    package var cluster: String
    /// Seconds since 1970.
    package var made: Int64
    package var members: [Member]
    /// Of the keys that it does not hold: `service-account`, `encryption-key`; older exports do not say.
    var generations: [String: Int]?

    init(cluster: String, made: Int64, members: [Member], generations: [String: Int]) {
        self.cluster = cluster
        self.made = made
        self.members = members
        self.generations = generations
    }

    package init(reading bytes: Secret<[UInt8]>) throws(CredentialStoreError) {
        guard let read = try? JSONDecoder().decode(Self.self, from: Data(bytes.reveal())), read.version == 1 else {
            throw CredentialStoreError(
                code: .damaged,
                subject: "the export",
                reason: "it holds no authorities, or was made by a newer version of this tool",
                remedy: "name a file that provision certs ca export made"
            )
        }
        self = read
    }

    package func bytes() throws -> Secret<[UInt8]> {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return Secret(Array(try encoder.encode(self)))
    }
}
