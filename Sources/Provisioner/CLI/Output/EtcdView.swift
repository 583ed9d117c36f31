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

    func json() -> String { JSONOutput.text(EtcdDocument(overview)) }
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
