package import Templates

/// Everything that a cluster's files need from the store.
package struct Credentials: Sendable {
    /// A leaf and its key, PEM.
    package struct Leaf: Sendable {
        package var certificate: [UInt8]
        package var key: Secret<[UInt8]>
        package var decision: IssueDecision
        /// Seconds since 1970.
        package var notAfter: Int64
    }

    /// The cluster's UUID.
    package var clusterID: String
    /// Certificates by authority name, PEM.
    package var authorities: [String: [UInt8]]
    /// By profile identifier.
    package var leaves: [String: Leaf]
    package var serviceAccountKey: Secret<[UInt8]>
    package var serviceAccountPublicKey: [UInt8]
    /// The one that encrypts first; all decrypt.
    package var encryptionKeys: [EncryptionKey]

    /// 32 random bytes.
    package struct EncryptionKey: Sendable {
        package var generation: Int
        package var bytes: Secret<[UInt8]>
    }
}
