import Foundation
import ProvisionCore
import ProvisionEngine

/// The membership record, beside the cluster's credentials.
struct MembershipStore {
    let directory: String

    private var path: String { directory + "/members.json" }

    /// `nil` where there is none, or none that can be read: the next apply writes it anew.
    func read() -> MembershipRecord? {
        FileManager.default.contents(atPath: path).flatMap {
            try? JSONDecoder().decode(MembershipRecord.self, from: $0)
        }
    }

    /// Replaces it whole, readable by its owner only; an unchanged one is not written.
    func write(_ record: MembershipRecord) throws {
        guard record != read() else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            try PrivateFile.write(Array(try encoder.encode(record)), to: path)
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
