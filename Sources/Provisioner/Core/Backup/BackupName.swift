/// A back-up's file name, `CLUSTER-20261125T024000Z-r1234.backup`: what a list can say without opening anything.
package struct BackupName: Sendable, Hashable {
    package var cluster: String
    /// `20261125T024000Z`.
    package var time: String
    package var revision: Int

    package init(cluster: String, time: String, revision: Int) {
        self.cluster = cluster
        self.time = time
        self.revision = revision
    }

    package init?(file: String) {
        guard let match = file.wholeMatch(of: /(.+)-(\d{8}T\d{6}Z)-r(\d+)\.backup/), let revision = Int(match.3) else {
            return nil
        }
        self.init(cluster: String(match.1), time: String(match.2), revision: revision)
    }

    package var file: String { "\(cluster)-\(time)-r\(revision).backup" }

    /// `2026-11-25T02:40:00Z`.
    package var timestamp: String {
        let t = Array(time)
        guard t.count == 16 else { return time }
        return
            "\(String(t[0..<4]))-\(String(t[4..<6]))-\(String(t[6..<8]))T\(String(t[9..<11])):\(String(t[11..<13])):\(String(t[13..<15]))Z"
    }

    /// The back-ups of a cluster that a retention lets go: all but the newest so many.
    package static func expired(_ files: [String], of cluster: String, keep: Int) -> [String] {
        files.compactMap { BackupName(file: $0) }.filter { $0.cluster == cluster }
            .sorted { ($0.time, $0.revision) > ($1.time, $1.revision) }
            .dropFirst(max(1, keep)).map(\.file)
    }
}
