import ProvisionCore

/// What a back-up proved to be, for programs: a versioned contract.
struct BackupProofDocument: Encodable {
    let schema = Version.schema
    let cluster: String
    /// When it was made, RFC 3339.
    let created: String
    let kubernetes: String
    /// Of etcd.
    let revision: Int
    /// Whether every check passed.
    let proven: Bool
    let checks: [BackupProof.Line]

    init(_ manifest: BackupManifest, _ lines: [BackupProof.Line]) {
        cluster = manifest.cluster
        created = manifest.created
        kubernetes = manifest.kubernetes
        revision = manifest.snapshot.revision
        proven = lines.allSatisfy(\.passed)
        checks = lines
    }
}
