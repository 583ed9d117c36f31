import ProvisionCore
import ProvisionEngine

/// A run's end for programs: a versioned contract.
struct ReportDocument: Encodable {
    struct Host: Encodable {
        var host: String
        var ending: String
        var reason: String
        var changes: [String]
    }

    let schema = Version.schema
    let run: String
    let cluster: String
    let exitCode: Int32
    let changes: Int
    let record: String?
    let hosts: [Host]
    /// Who held a host, so that nothing was begun.
    let lockedBy: String?

    init(_ report: RunReport, run: String, cluster: String, record: String?) {
        self.run = run
        self.cluster = cluster
        self.record = record
        exitCode = report.exitCode.rawValue
        changes = report.changes
        lockedBy = report.lockHolder
        hosts = report.lanes.map { lane in
            let (word, reason) = Self.words(lane.ending)
            return Host(host: lane.host, ending: word, reason: reason, changes: lane.done.map(\.title))
        }
    }

    /// The same of a run, with its record.
    init(_ report: RunReport, of run: ClusterRun) {
        self.init(report, run: run.context.id, cluster: run.spec.name, record: run.context.record?.path)
    }

    private static func words(_ ending: LaneOutcome.Ending) -> (String, String) {
        switch ending {
        case .asWanted: ("asWanted", "")
        case .failed(let failure): ("failed", "\(failure.step): \(failure.output)")
        case .unreachable(let error): ("unreachable", error.reason)
        case .unknown(let error, let stage): ("unknown", "\(stage): \(error.reason)")
        case .notRun(let stage, let reason): ("notRun", "\(stage): \(reason)")
        case .refused(let why, _): ("refused", why)
        case .interrupted(let stage): ("interrupted", stage)
        }
    }
}
