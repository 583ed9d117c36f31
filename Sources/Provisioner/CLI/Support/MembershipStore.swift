import Foundation
import ProvisionCore
import ProvisionEngine

/// The membership record, beside the cluster's credentials.
struct MembershipStore {
    let directory: String

    /// In the store.
    static let name = "members.json"

    private var path: String { "\(directory)/\(Self.name)" }

    /// `nil` where there is none, or none that can be read: the next apply writes it anew.
    func read() -> MembershipRecord? {
        FileManager.default.contents(atPath: path).flatMap { Self.decoded(Array($0)) }
    }

    static func decoded(_ bytes: [UInt8]) -> MembershipRecord? {
        try? JSONDecoder().decode(MembershipRecord.self, from: Data(bytes))
    }

    static func encoded(_ record: MembershipRecord) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(record))
    }

    /// Replaces it whole, readable by its owner only; an unchanged one is not written.
    func write(_ record: MembershipRecord) throws {
        guard record != read() else { return }
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
        let record = read() ?? MembershipRecord(clusterID: clusterID)
        var next = record.before(reached, machines: EtcdMembership.machines(lanes))
        if lanes.contains(where: { $0.lane.host.has(.controller) && $0.failure == nil && !$0.isSame }) {
            next.encryption = spec.features.encryption
        }
        try write(next)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
