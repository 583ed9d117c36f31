/// The back-ups of a directory for programs: a versioned contract.
struct BackupListDocument: Encodable {
    struct Line: Encodable {
        let file: String
        let cluster: String
        /// How the cluster's UUID begins; none in names of older versions.
        let clusterID: String?
        /// RFC 3339, UTC.
        let time: String
        /// Of etcd.
        let revision: Int
        let sizeBytes: Int
        let ageSeconds: Int
        /// What opens it: a passphrase, a key file or a recovery code.
        let sealedWith: String?
        /// Why it is not whole.
        let problem: String?
    }

    let schema = Version.schema
    /// The newest first.
    let backups: [Line]
}
