import Foundation
import ProvisionCore
import ProvisionEngine
import Templates
import Testing

/// A host that loses its part as worker and stays, in directories of its own.
@Suite struct RoleRemovalTests {
    private static let id = "11111111-0000-4000-8000-000000000001"

    /// What a lost role's departure ends with, on a host where an apply put two kubeconfigs and a playbook a file.
    private func leave(_ sandbox: SandboxHost, _ recorder: Recorder = Recorder()) async throws -> [LaneOutcome] {
        let spec = try twoHosts()
        let one = try #require(spec.hosts.first { $0.name == "one" })
        let scope = RoleScope(worker: one, in: spec)
        let subject = TeardownPlan.Subject(
            spec: spec,
            lane: scope.former,
            clusterID: Self.id,
            keepsData: false,
            scope: scope
        )
        var lane = ObservedLane(one)
        lane.session = HostSession(host: "one", transport: sandbox)
        let member = ClusterMember(one, machineID: nil)
        let runner = DepartureRunner(
            [Departure(name: "one", member: member, roles: [.worker], isWhole: false, node: nil, etcd: nil)],
            spec: spec,
            clusterID: Self.id,
            drains: false,
            remains: ["one": subject],
            staying: [],
            leaving: [lane],
            report: recorder.record
        )
        return runner.outcomes(await runner.after(await runner.before()))
    }

    private func applied() async throws -> SandboxHost {
        let sandbox = try SandboxHost()
        let marker = MarkerResource(clusterID: Self.id, clusterName: "test", host: "one")
        let files = ["/etc/kubernetes/proxy.conf", "/etc/kubernetes/admin.conf", "/etc/cni/net.d/10-bridge.conflist"]
        let contents: [any Resource] = (files + ["/srv/playbook"]).map { file($0, "ours\n") }
        let stage = Stage("files", resources: [marker as any Resource] + contents)
        let plan = Plan(cluster: "test", lanes: [Plan.Lane(host: host("one"), stages: [stage])])
        #expect(await run(plan, on: ["one": sandbox]).map(\.ending) == [.asWanted])
        return sandbox
    }

    @Test func `what the role left goes, the rest stays, and the receipt forgets no more than that`() async throws {
        let sandbox = try await applied()
        defer { sandbox.remove() }
        let outcomes = try await leave(sandbox)
        #expect(outcomes.map(\.ending) == [.asWanted])
        for path in ["/etc/kubernetes/proxy.conf", "/etc/cni"] {
            #expect(!FileManager.default.fileExists(atPath: sandbox.path(path)), "\(path)")
        }
        for path in ["/etc/kubernetes/admin.conf", "/srv/playbook"] { #expect(try sandbox.content(path) == "ours\n") }
        let receipt = try sandbox.content("/var/lib/provision/receipt.jsonl")
        for path in ["/etc/kubernetes/admin.conf", "/srv/playbook", "/etc/kubernetes", MarkerResource.path] {
            #expect(receipt.contains("\"path\":\"\(path)\""), "\(path)")
        }
        for path in ["/etc/kubernetes/proxy.conf", "/etc/cni/net.d/10-bridge.conflist", "/etc/cni"] {
            #expect(!receipt.contains("\"path\":\"\(path)\""), "\(path)")
        }
        let again = try await leave(sandbox)
        #expect(again.map(\.ending) == [.asWanted])
        #expect(!again.flatMap(\.done).contains { $0.title.contains("receipt") })
    }

    @Test func `what cannot go is named, and the role is not lost yet`() async throws {
        let sandbox = try await applied()
        defer { sandbox.remove() }
        let manager = FileManager.default
        try manager.moveItem(atPath: sandbox.path("/etc/cni"), toPath: sandbox.path("/srv/cni"))
        try manager.createSymbolicLink(atPath: sandbox.path("/etc/cni"), withDestinationPath: "/srv/cni")
        guard case .failed(let failure)? = try await leave(sandbox).first?.ending else {
            Issue.record("what lies behind a link is not followed")
            return
        }
        #expect(failure.output.contains("/etc/cni"), "\(failure.output)")
        #expect(try sandbox.content("/srv/cni/net.d/10-bridge.conflist") == "ours\n")
        #expect(!manager.fileExists(atPath: sandbox.path("/etc/kubernetes/proxy.conf")))
        #expect(try sandbox.content("/var/lib/provision/receipt.jsonl").contains("/etc/kubernetes/proxy.conf"))
    }

    @Test func `where the receipt was lost nothing goes, and it is said`() async throws {
        let sandbox = try await applied()
        defer { sandbox.remove() }
        try FileManager.default.removeItem(atPath: sandbox.path("/var/lib/provision/receipt.jsonl"))
        let recorder = Recorder()
        #expect(try await leave(sandbox, recorder).map(\.ending) == [.asWanted])
        #expect(try sandbox.content("/etc/kubernetes/proxy.conf") == "ours\n")
        #expect(recorder.events.contains { $0.kind == .stageNotRun && $0.message.contains("receipt") })
    }
}
