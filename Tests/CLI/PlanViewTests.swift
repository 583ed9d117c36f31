import ProvisionCore
import Templates
import Testing

@testable import ProvisionEngine
@testable import provision

@Suite struct PlanViewTests {
    private static let refused = TransportError(
        code: .refused,
        host: "b",
        attempted: "connect to b",
        reason: "Connection refused",
        remedy: "start sshd"
    )

    private func lane(_ name: String, _ verdict: Verdict?) -> ObservedLane {
        let host = HostSpec(
            name: name,
            nodeName: name,
            roles: [.worker],
            internalAddress: IPv4Address(bits: 0x7F00_0001),
            ssh: SSHEndpoint(name: name, address: "127.0.0.1")
        )
        let file = FileResource(RenderedFile(path: "/etc/a", text: "x\n"), reason: "a test")
        return ObservedLane(
            lane: Plan.Lane(host: host, stages: [Stage("files", resources: [file])]),
            session: nil,
            answers: [],
            verdicts: verdict.map { [$0] } ?? [],
            failure: verdict == nil ? Self.refused : nil
        )
    }

    private func closing(_ lanes: [ObservedLane]) -> Substring? {
        PlanView(observed: lanes, differences: [:], showsSame: false)
            .text(Console(noColour: true, environment: [:])).split(separator: "\n").last
    }

    @Test func `the last line counts what was seen`() {
        let same = lane("a", .same("is so"))
        let change = lane("c", .change("is missing", []))
        #expect(closing([same, same]) == "No changes: 2 hosts are as wanted.")
        #expect(closing([same, change]) == "1 change on 1 of 2 hosts.")
    }

    @Test func `a host that was not reached is never called wanted`() {
        let same = lane("a", .same("is so"))
        #expect(closing([same, lane("b", nil)]) == "No changes: 1 host is as wanted, 1 not reached.")
        #expect(closing([lane("b", nil)]) == "No changes: 0 hosts are as wanted, 1 not reached.")
        #expect(closing([lane("c", .change("", [])), lane("b", nil)]) == "1 change on 1 of 2 hosts, 1 not reached.")
    }

    @Test func `what must come first is said of a stage, and of each step to programs`() throws {
        func staged(_ name: String, _ stage: Stage, _ verdict: Verdict) -> ObservedLane {
            var lane = lane(name, verdict)
            lane.lane.stages = [stage]
            return lane
        }
        let file = FileResource(RenderedFile(path: "/etc/a", text: "x\n"), reason: "a test")
        let etcd = Stage("etcd", opens: [.etcdQuorum], resources: [file])
        let server = Stage("kube-apiserver", needs: [.etcdQuorum], rolling: .apiServer, resources: [file])
        let change = Verdict.change("is missing", [])
        let opener = staged("a", etcd, change)
        let view = PlanView(
            observed: [opener, staged("b", server, change)],
            differences: [:],
            showsSame: false
        )
        let words = "kube-apiserver: after etcd.quorum; one host after another of kube-apiserver"
        #expect(view.text(Console(noColour: true, environment: [:])).contains("    \(words)\n"))
        #expect(view.json().contains("\"etcd.quorum\""))
        let open = PlanView(
            observed: [staged("a", etcd, .same("is so")), staged("b", server, change)],
            differences: [:],
            showsSame: false
        )
        #expect(!open.json().contains("etcd.quorum"), "a gate that stands open holds nobody")
    }
}
