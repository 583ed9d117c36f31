import ProvisionCore

/// etcd's members as they are read: the quorum first, one row each, then what is wrong.
struct EtcdView {
    let overview: EtcdOverview

    func lines(_ console: Console) -> [String] {
        let sign = overview.isWell ? console.paint("√", .green) : console.paint("×", .red)
        let rows = [Self.heading] + overview.members.map(row)
        return ["\(sign) \(overview.words)"] + Self.table(rows).map { "  \($0)" }
            + overview.problems.map { "\(console.paint("‼", .yellow)) \($0)" }
    }

    private static let heading = [
        "MEMBER", "ID", "ENDPOINT", "VERSION", "ROLE", "DB", "IN USE", "TERM", "INDEX", "REVISION", "STATE",
    ]

    private func row(_ member: EtcdMember) -> [String] {
        let state = member.failure != nil ? "not reached" : member.isHealthy ? "healthy" : "not healthy, \(member.unit)"
        guard let status = member.status else {
            let revision = member.stored.map { "\($0.revision)" } ?? "-"
            return [member.host, "-", member.endpoint, "-", "-", "-", "-", "-", "-", revision, state]
        }
        let role = member.isLeader ? "leader" : status.isLearner ? "learner" : "follower"
        return [
            member.host, String(status.id, radix: 16), member.endpoint, status.version, role,
            ByteCount.text(status.size), ByteCount.text(status.sizeInUse), String(status.term), String(status.index),
            String(status.revision), ([state] + member.alarms).joined(separator: " "),
        ]
    }

    private static func table(_ rows: [[String]]) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { $0.padding(to: $1) }.joined(separator: "  ").trimmingSuffix(" ")
        }
    }

    func json() -> String {
        struct Document: Encodable {
            struct Member: Encodable {
                var host: String
                var name: String
                var id: String?
                var endpoint: String
                var unit: String
                var started: Bool
                var healthy: Bool
                var leader: Bool
                var learner: Bool
                var version: String?
                var dbSizeBytes: Int?
                var dbSizeInUseBytes: Int?
                var raftTerm: UInt64?
                var raftIndex: UInt64?
                var raftAppliedIndex: UInt64?
                var revision: Int?
                var alarms: [String]
                var failure: String?
            }

            var schema = Version.schema
            var well: Bool
            var quorum: Bool
            var words: String
            var voters: Int
            var healthy: Int
            var majority: Int
            var mayFail: Int
            var problems: [String]
            var members: [Member]
        }
        let members = overview.members.map { member in
            Document.Member(
                host: member.host,
                name: member.name,
                id: member.status.map { String($0.id, radix: 16) },
                endpoint: member.endpoint,
                unit: member.unit,
                started: member.isStarted,
                healthy: member.isHealthy,
                leader: member.isLeader,
                learner: member.status?.isLearner ?? false,
                version: member.status?.version,
                dbSizeBytes: member.status?.size,
                dbSizeInUseBytes: member.status?.sizeInUse,
                raftTerm: member.status?.term,
                raftIndex: member.status?.index,
                raftAppliedIndex: member.status?.appliedIndex,
                revision: member.revision,
                alarms: member.alarms,
                failure: member.failure
            )
        }
        return JSONOutput.text(
            Document(
                well: overview.isWell,
                quorum: overview.hasQuorum,
                words: overview.words,
                voters: overview.voters,
                healthy: overview.healthy.count,
                majority: overview.majority,
                mayFail: overview.spare,
                problems: overview.problems,
                members: members
            )
        )
    }
}

/// Bytes for people: `20.0 kB`, `3.1 MB`.
enum ByteCount {
    static func text(_ bytes: Int) -> String {
        let units = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB")]
        guard let (size, name) = units.first(where: { bytes >= $0.0 }) else { return "\(bytes) B" }
        return "\(bytes / size).\(bytes % size * 10 / size) \(name)"
    }
}

extension String {
    func trimmingSuffix(_ character: Character) -> String {
        var text = self
        while text.last == character { text.removeLast() }
        return text
    }
}
