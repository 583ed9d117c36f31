import PKI
import ProvisionCore
import Templates

/// Whom a cluster's record names once its state was put back: the hosts that it was put on.
///
/// A restore to other hosts makes a copy beside a cluster that may still stand, with the same identity: that one's hosts
/// must not pass for ones that left the inventory.
struct RestoredMembers {
    let spec: ClusterSpec

    /// What an archived store remembers; `nil` where it remembers nothing.
    static func record(in files: [CredentialStore.StoredFile]) -> MembershipRecord? {
        files.first { $0.name == MembershipStore.name }.flatMap { MembershipStore.decoded($0.content.reveal()) }
    }

    /// An archived store's files as they are put in place; a record that nobody here can read is left out.
    func settled(_ files: [CredentialStore.StoredFile]) throws -> [CredentialStore.StoredFile] {
        var settled = files.filter { $0.name != MembershipStore.name }
        if let record = Self.record(in: files)?.restored(to: spec.hosts) {
            let content = Secret(try MembershipStore.encoded(record))
            settled.append(CredentialStore.StoredFile(name: MembershipStore.name, content: content))
        }
        return settled
    }

    /// Writes the record of a store that was here before, once nothing stands in the way of the restore.
    func remember(_ machines: [String: String]) throws {
        let store = MembershipStore(directory: spec.pki.directory)
        guard let record = store.read() else { return }
        try store.write(record.restored(to: spec.hosts).before(spec.hosts, machines: machines))
    }
}
