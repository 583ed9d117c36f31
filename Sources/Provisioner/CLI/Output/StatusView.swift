import ProvisionCore
import Templates

/// A status report as it is read: etcd first, then what is not well, then one line per host.
struct StatusView {
    let report: StatusReport
    let spec: ClusterSpec
    /// Days left by identifier, the shortest first.
    let certificates: [(String, Int)]
    let showsAll: Bool
    /// The member that leads; `nil` where none was seen.
    var etcdLeader: String?
    /// By etcd's names: `NOSPACE`, `CORRUPT`.
    var etcdAlarms: [String] = []
    /// A rotation in progress, in words.
    var rotation: String?

    /// The shortest life that is left without a remark: apply renews leaves of thirty days from their last ten on.
    private static let leastDays = 3
    /// Whether anything must be done; the operator's own access is on no host.
    var isWell: Bool {
        report.isWell && etcdAlarms.isEmpty && !certificates.contains { $0.0 != "admin" && $0.1 < 0 }
    }

    func text(_ console: Console) -> String {
        let (isWell, text) = report.etcd(spec)
        let alarms = etcdAlarms.isEmpty ? "no alarms" : "ALARM \(etcdAlarms.joined(separator: ", "))"
        let words = [text, etcdLeader.map { "\($0) leads" }, etcdLeader == nil && etcdAlarms.isEmpty ? nil : alarms]
        let etcd = words.compactMap(\.self).joined(separator: "; ")
        var lines = [row(console, isWell && etcdAlarms.isEmpty, "etcd", etcd)]
        if report.isStopped {
            lines.insert(
                row(console, false, "stopped", "every service on every host; go on with: provision start INVENTORY"),
                at: 0
            )
        }
        lines += spec.hosts.map { host(console, $0) }
        for line in report.lines where showsAll || !line.isWell {
            lines.append(
                row(console, line.isWell, line.host, "\(line.title): \(Sanitised.text(line.text, limit: 300))")
            )
        }
        if let first = certificates.first {
            lines.append(
                row(
                    console,
                    first.1 >= Self.leastDays,
                    "certificates",
                    "\(counted(certificates.count, "leaf", "leaves")); the first to end is \(first.0), in \(counted(first.1, "day"))"
                )
            )
        }
        if let rotation { lines.append(row(console, false, "rotation", rotation)) }
        return lines.joined(separator: "\n")
    }

    private func host(_ console: Console, _ host: HostSpec) -> String {
        if let why = report.unreachable[host.name] { return row(console, false, host.name, "not reached: \(why)") }
        let own = report.lines.filter { $0.host == host.name }
        let healthy = own.filter { $0.isWell && $0.id.hasPrefix("health:") }.map {
            String($0.id.dropFirst("health:".count))
        }
        let ill = own.filter { !$0.isWell }.count
        let services = own.count { $0.isWell && $0.id.hasPrefix("service:") }
        let routes = own.count { $0.isWell && $0.id.hasPrefix("route:") }
        var text = ill == 0 ? "" : "\(ill) not well; "
        text += "healthy: \(healthy.isEmpty ? "-" : healthy.joined(separator: " ")); \(counted(services, "service"))"
        if routes > 0 { text += "; \(counted(routes, "route"))" }
        return row(console, ill == 0, host.name, text)
    }

    private func row(_ console: Console, _ isWell: Bool, _ subject: String, _ text: String) -> String {
        let sign = isWell ? console.paint("√", .green) : console.paint("×", .red)
        return "\(sign) \(subject.padding(to: max(12, spec.hosts.map(\.name.count).max() ?? 0)))  \(text)"
    }

    func json() -> String { JSONOutput.text(StatusDocument(self)) }
}
