import Foundation
import ProvisionCore
import ProvisionEngine

/// The membership record, beside the cluster's credentials.
struct MembershipStore {
    let directory: String

    /// In the store.
    static let name = "members.json"

    private var path: String { "\(directory)/\(Self.name)" }

    /// What the bytes of a record say.
    enum Reading: Equatable {
        case record(MembershipRecord)
        case damaged, newer

        init(_ bytes: [UInt8]) {
            let schema = try? JSONDecoder().decode(Head.self, from: Data(bytes)).schema
            guard schema ?? 0 <= MembershipRecord.currentSchema else {
                self = .newer
                return
            }
            let record = try? JSONDecoder().decode(MembershipRecord.self, from: Data(bytes))
            self = record.map(Self.record) ?? .damaged
        }

        /// All that a newer record is sure to have.
        private struct Head: Decodable {
            var schema: Int
        }
    }

    /// `nil` where there is none.
    ///
    /// - Throws: A refusal where it cannot be read: one that were written anew would know nobody who left.
    func read() throws -> MembershipRecord? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        switch Reading(Array(FileManager.default.contents(atPath: path) ?? Data())) {
        case .record(let record): return record
        case .newer: throw Self.newer(path)
        case .damaged:
            throw CommandFailure(
                "\(path): it cannot be read [damaged]",
                remedy: "check its mode; restore it from a back-up: provision backup extract --store --to DIR FILE; "
                    + "where there is none, write the podCIDR of each worker's Node into the inventory, then move it aside",
                status: .refused
            )
        }
    }

    static func newer(_ file: String) -> CommandFailure {
        CommandFailure(
            "\(file): it was written by a newer version of this tool [damaged]",
            remedy: "use that version, or a newer one; an older one would drop what it does not know",
            status: .refused
        )
    }

    /// The same for whoever looks once more in a run, whose beginning has refused one that cannot be read, or has said so.
    var known: MembershipRecord? { try? read() }

    /// Says why it cannot be read, where somebody goes on without it.
    func tellDamage(_ console: Console) {
        do { _ = try read() } catch {
            guard let failure = error as? CommandFailure else { return }
            console.problem(failure.message, remedy: failure.remedy)
        }
    }

    static func encoded(_ record: MembershipRecord) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(record))
    }

    /// Replaces it whole, readable by its owner only; an unchanged one is not written.
    func write(_ record: MembershipRecord) throws {
        guard try record != read() else { return }
        do {
            try PrivateFile.write(try Self.encoded(record), to: path)
        } catch {
            throw CommandFailure(
                "\(path): cannot be written: \(error.localizedDescription)",
                remedy: "make it writable, then apply again: hosts that leave the inventory are known by it",
                status: .partlyApplied
            )
        }
    }

    /// Before a run: everybody who was reached may be changed by it.
    func expect(_ lanes: [ObservedLane], of clusterID: String, _ spec: ClusterSpec) throws {
        let reached = lanes.filter { $0.failure == nil }.map(\.lane.host)
        let record = try read() ?? MembershipRecord(clusterID: clusterID)
        var next = record.before(reached, machines: EtcdMembership.machines(lanes))
        if lanes.contains(where: { $0.lane.host.has(.controller) && $0.failure == nil && !$0.isSame }) {
            next.encryption = spec.features.encryption
        }
        try write(next)
    }

    /// After a teardown: who is clean belongs to nothing any more.
    ///
    /// A record that cannot be read stays as it is.
    ///
    /// - Parameters:
    ///   - hosts: Who is clean.
    ///   - keepsData: Whether etcd's data stays, so that what its Secrets are bound to does too.
    /// - Throws: What keeps the record from being written.
    func forget(_ hosts: Set<String>, keepsData: Bool) throws {
        guard let record = known else { return }
        var next = record.forgetting(hosts)
        if keepsData { next.encryption = record.encryption }
        try write(next)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
