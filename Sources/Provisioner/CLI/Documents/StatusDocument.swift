import ProvisionCore

/// A status report for programs: a versioned contract.
struct StatusDocument: Encodable {
    struct Line: Encodable {
        let host: String
        let id: String
        let well: Bool
        let text: String
    }

    let schema = Version.schema
    let well: Bool
    /// Whether every service of every host was stopped.
    let stopped: Bool
    /// The quorum in words.
    let etcd: String
    let etcdLeader: String?
    let etcdAlarms: [String]
    /// Why a host was not reached.
    let unreachable: [String: String]
    /// What is well too.
    let lines: [Line]
    /// Days left of each leaf in the store; below zero where it has ended.
    let certificateDays: [String: Int]
    /// A rotation in progress, in words.
    let rotation: String?

    init(_ view: StatusView) {
        well = view.isWell
        stopped = view.report.isStopped
        etcd = view.report.etcd(view.spec).text
        etcdLeader = view.etcdLeader
        etcdAlarms = view.etcdAlarms
        unreachable = view.report.unreachable
        lines = view.report.lines.map { Line(host: $0.host, id: $0.id, well: $0.isWell, text: $0.text) }
        certificateDays = Dictionary(view.certificates) { first, _ in first }
        rotation = view.rotation
    }
}
