import ProvisionArtifacts

/// Artifacts for programs: a versioned contract.
struct ArtifactsDocument: Encodable {
    struct Item: Encodable {
        let id: String
        let architecture: String
        /// Nothing where neither the inventory nor a file says it.
        let version: String?
        /// `present`, `unlocked`, `different` or `missing`; only of a list.
        let state: String?
        /// Of the file, or of all packages together; nothing where it is missing.
        let sizeBytes: Int64?
        let sha256: String?
        /// A URL, a package, or a bundle.
        let origin: String?
    }

    let schema = Version.schema
    let cluster: String
    /// Of what is here.
    let totalBytes: Int64
    let artifacts: [Item]

    /// What is wanted, and whether it is here.
    init(_ listed: [ArtifactListing], cluster: String) {
        self.cluster = cluster
        totalBytes = listed.reduce(0) { $0 + ($1.artifact?.size ?? 0) }
        artifacts = listed.map { item in
            Item(
                id: item.id.rawValue,
                architecture: item.architecture.rawValue,
                version: item.version,
                state: item.state.rawValue,
                sizeBytes: item.artifact?.size,
                sha256: item.artifact?.sha256,
                origin: item.artifact?.origin
            )
        }
    }

    /// What was hashed again, all of it as locked.
    init(_ verified: ArtifactSet, cluster: String) {
        self.cluster = cluster
        totalBytes = verified.totalSize
        artifacts = verified.artifacts.map { artifact in
            Item(
                id: artifact.id.rawValue,
                architecture: artifact.architecture.rawValue,
                version: artifact.version,
                state: nil,
                sizeBytes: artifact.size,
                sha256: artifact.sha256,
                origin: artifact.origin
            )
        }
    }
}
