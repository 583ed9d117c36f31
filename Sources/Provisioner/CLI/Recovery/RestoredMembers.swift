import PKI
import ProvisionCore
import Templates

/// Whom a cluster's record names once its state was put back: the hosts that it was put on.
///
/// A restore to other hosts makes a copy beside a cluster that may still stand, with the same identity: that one's hosts
/// must not pass for ones that left the inventory.
struct RestoredMembers {
    let spec: ClusterSpec

    /// What an archived store remembers; `nil` where it remembers nothing, or nothing that anybody could read.
    ///
    /// - Throws: A refusal of what a newer version wrote.
    static func record(in files: [CredentialStore.StoredFile]) throws -> MembershipRecord? {
        guard let file = files.first(where: { $0.name == MembershipStore.name }) else { return nil }
        switch MembershipStore.Reading(file.content.reveal()) {
        case .record(let record): return record
        case .damaged: return nil
        case .newer: throw MembershipStore.newer("\(MembershipStore.name) of the back-up")
        }
    }

    /// An archived store's files as they are put in place; a record that is damaged is left out.
    func settled(_ files: [CredentialStore.StoredFile]) throws -> [CredentialStore.StoredFile] {
        var settled = files.filter { $0.name != MembershipStore.name }
        if let record = try Self.record(in: files)?.restored(to: spec.hosts) {
            let content = Secret(try MembershipStore.encoded(record))
            settled.append(CredentialStore.StoredFile(name: MembershipStore.name, content: content))
        }
        return settled
    }

    /// Writes the record of a store that was here before, once nothing stands in the way of the restore.
    func remember(_ machines: [String: String]) throws {
        let store = MembershipStore(directory: spec.pki.directory)
        guard let record = try store.read() else { return }
        try store.write(record.restored(to: spec.hosts).before(spec.hosts, machines: machines))
    }
}
