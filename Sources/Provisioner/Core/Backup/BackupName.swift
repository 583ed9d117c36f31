/// A back-up's file name, `CLUSTER.7f3c1f0e-20261125T024000Z-r1234.backup`: what a list can say without opening any.
package struct BackupName: Sendable, Hashable {
    package var cluster: String
    /// How the cluster's UUID begins, since names repeat; `nil` in names that older versions gave.
    package var id: String?
    /// `20261125T024000Z`.
    package var time: String
    package var revision: Int

    package init(cluster: String, clusterID: String?, time: String, revision: Int) {
        self.cluster = cluster
        id = clusterID.map { String($0.prefix(8)) }
        self.time = time
        self.revision = revision
    }

    /// A cluster's name holds no dot, so the name of an older version is never taken for one with a UUID.
    package init?(file: String) {
        let pattern = /(.+?)(?:\.([0-9a-f]{8}))?-(\d{8}T\d{6}Z)-r(\d+)\.backup/
        guard let match = file.wholeMatch(of: pattern), let revision = Int(match.4) else { return nil }
        self.init(
            cluster: String(match.1),
            clusterID: match.2.map(String.init),
            time: String(match.3),
            revision: revision
        )
    }

    package var file: String { "\(cluster)\(id.map { ".\($0)" } ?? "")-\(time)-r\(revision).backup" }

    /// `2026-11-25T02:40:00Z`.
    package var timestamp: String {
        let t = Array(time)
        guard t.count == 16 else { return time }
        return
            "\(String(t[0..<4]))-\(String(t[4..<6]))-\(String(t[6..<8]))T\(String(t[9..<11])):\(String(t[11..<13])):\(String(t[13..<15]))Z"
    }

    /// The back-ups of a cluster that a retention lets go: all but the newest so many.
    ///
    /// - Parameters:
    ///   - files: Names.
    ///   - cluster: Its name.
    ///   - clusterID: Its UUID; who wrote a name without one is not known, so it stays.
    ///   - keep: How many stay, at least one.
    /// - Returns: Names.
    package static func expired(_ files: [String], of cluster: String, clusterID: String, keep: Int) -> [String] {
        files.compactMap { BackupName(file: $0) }
            .filter { $0.cluster == cluster && $0.id == String(clusterID.prefix(8)) }
            .sorted { ($0.time, $0.revision) > ($1.time, $1.revision) }
            .dropFirst(max(1, keep)).map(\.file)
    }
}
