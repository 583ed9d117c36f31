import ProvisionCore
import Testing

@Suite struct StatusReportTests {
    private func health(_ id: String) -> CommandResource {
        let action = Action(kind: .wait, title: "wait", script: "true")
        return CommandResource(id: id, title: "etcd answers", reason: "", check: "true", action: action)
    }

    private func report(healthy: [String], ill: [String] = []) -> StatusReport {
        var report = StatusReport()
        for host in healthy { report.add(host: host, resources: [health("health:etcd")], verdicts: [.same("is so")]) }
        for host in ill {
            report.add(host: host, resources: [health("health:etcd")], verdicts: [.change("no leader", [])])
        }
        return report
    }

    @Test(arguments: [
        ("controller-0 controller-1 controller-2", true, "all 3 members are healthy"),
        (
            "controller-0 controller-2", false,
            "2 of 3 members healthy, 2 needed; not healthy: controller-1. No further member may fail"
        ),
        (
            "controller-1", false,
            "NO QUORUM: 1 of 3 members run, 2 needed; gone: controller-0, controller-2. "
                + "The API cannot write; running pods go on. Bring a member back before anything else"
        ),
        (
            "", false,
            "NO QUORUM: 0 of 3 members run, 2 needed; gone: controller-0, controller-1, controller-2. "
                + "The API cannot write; running pods go on. Bring a member back before anything else"
        ),
    ])
    func `etcd in words`(_ healthy: String, _ isWell: Bool, _ text: String) throws {
        let names = healthy.split(separator: " ").map(String.init)
        let ill = ["controller-0", "controller-1", "controller-2"].filter { !names.contains($0) }
        let words = report(healthy: names, ill: ill).etcd(try SamplePlan.spec("lab-debian.yaml"))
        #expect(words.isWell == isWell && words.text == text)
    }

    @Test func `a member that runs alone is counted as running, not as healthy`() throws {
        var report = report(healthy: [], ill: ["controller-0"])
        let service = ServiceResource(unit: "etcd.service", reason: "", startedFrom: [])
        report.add(host: "controller-0", resources: [service], verdicts: [.same("runs and is enabled")])
        let spec = try SamplePlan.spec("lab-debian.yaml")
        #expect(
            report.etcd(spec).text.hasPrefix(
                "NO QUORUM: 1 of 3 members run, 2 needed; gone: controller-1, controller-2."
            )
        )
        for host in ["controller-1", "controller-2"] {
            report.add(host: host, resources: [service], verdicts: [.same("runs and is enabled")])
        }
        #expect(report.etcd(spec).text.hasPrefix("NO QUORUM: 3 of 3 members run, but they see no leader."))
    }

    @Test func `five members bear two failures`() throws {
        var spec = try SamplePlan.spec("external-etcd.yaml")
        let member = try #require(spec.hosts(.etcd).first)
        for index in 3...4 {
            var more = member
            more.name = "etcd-\(index)"
            spec.hosts.append(more)
        }
        let words = report(healthy: ["etcd-0", "etcd-1", "etcd-2", "etcd-3"]).etcd(spec)
        #expect(words.text == "4 of 5 members healthy, 3 needed; not healthy: etcd-4. 1 more may fail")
    }

    @Test func `a member whose host was not reached is not healthy`() throws {
        let words = report(healthy: ["controller-0", "controller-1"]).etcd(try SamplePlan.spec("lab-debian.yaml"))
        #expect(!words.isWell && words.text.contains("not healthy: controller-2."))
    }

    @Test func `one line that is not well, or one host that is not reached, is not well`() {
        #expect(report(healthy: ["a"]).isWell)
        #expect(!report(healthy: ["a"], ill: ["b"]).isWell)
        var lonely = report(healthy: ["a"])
        lonely.unreachable["b"] = "refused"
        #expect(!lonely.isWell)
        #expect(report(healthy: [], ill: ["b"]).lines.map(\.text) == ["no leader"])
    }

    @Test func `only what speaks for a component is asked`() async throws {
        let plan = StatusReport.plan(from: try await SamplePlan.make("lab-debian.yaml").plan)
        let kinds = Set(plan.lanes.flatMap(\.resources).map { String($0.id.prefix { $0 != ":" }) })
        #expect(kinds == ["health", "service", "route", "manifest", "access", "nodes"])
        #expect(plan.lanes.count == 8)
    }
}
