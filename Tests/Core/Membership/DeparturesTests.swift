import Foundation
import Templates
import Testing

@testable import ProvisionCore

@Suite struct DeparturesTests {
    private func departures(
        without names: Set<String>,
        truth: ClusterTruth = MembershipFixtures.truth,
        taking: Set<String> = []
    ) throws -> Departures {
        Departures(
            try MembershipFixtures.lab(without: names),
            record: try MembershipFixtures.record(),
            truth: truth,
            taking: taking
        )
    }

    @Test func `where nothing changed nobody leaves`() throws {
        let found = try departures(without: [])
        #expect(found.isEmpty && found.refusals.isEmpty && found.remarks.isEmpty)
    }

    @Test func `a worker leaves with its node`() throws {
        let found = try departures(without: ["worker-2"])
        #expect(found.leaving.map(\.name) == ["worker-2"])
        let leaving = try #require(found.leaving.first)
        #expect(leaving.node == "worker-2" && leaving.etcd == nil && leaving.isWhole)
        #expect(leaving.member?.host?.internalAddress.description == "192.168.2.7")
        let steps = DepartureSteps(leaving, spec: try MembershipFixtures.lab(), clusterID: "7f3c", drains: true)
        #expect(
            steps.before.map(\.action.title) == [
                "drain worker-2", "stop kubelet.service, kube-proxy.service on worker-2", "delete node worker-2",
            ]
        )
        #expect(steps.after(member: nil).isEmpty && steps.removal == nil, "a teardown of its own follows")
    }

    @Test func `a drain takes the time and the pods that the inventory allows`() throws {
        let leaving = try #require(try departures(without: ["worker-2"]).leaving.first)
        var spec = try MembershipFixtures.lab()
        spec.upgrade.drainSeconds = 20
        spec.upgrade.deletesUnmanagedPods = true
        let steps = DepartureSteps(leaving, spec: spec, clusterID: "7f3c", drains: true)
        let drain = try #require(steps.before.first?.action)
        #expect(drain.script.contains("--timeout=20s --force") && drain.seconds == 110)
    }

    @Test func `the first controller leaves like any other, with its member of etcd`() throws {
        let found = try departures(without: ["controller-0"])
        let leaving = try #require(found.leaving.first)
        #expect(leaving.etcd?.id == "a1" && leaving.node == nil)
        let spec = try MembershipFixtures.lab(without: ["controller-0"])
        let steps = DepartureSteps(leaving, spec: spec, clusterID: "7f3c", drains: true)
        #expect(steps.before.isEmpty)
        #expect(
            steps.after(member: spec.hosts(.etcd).first).map(\.action.title) == [
                "stop kube-scheduler.service, kube-controller-manager.service, kube-apiserver.service on controller-0",
                "remove controller-0 from etcd", "stop etcd on controller-0, delete its data",
            ]
        )
    }

    @Test func `a member's data stays where that was asked for`() throws {
        let leaving = try #require(try departures(without: ["controller-0"]).leaving.first)
        let spec = try MembershipFixtures.lab(without: ["controller-0"])
        let steps = DepartureSteps(leaving, spec: spec, clusterID: "7f3c", drains: true, keepsData: true)
        let last = try #require(steps.after(member: spec.hosts(.etcd).first).last?.action)
        #expect(last.title == "stop etcd on controller-0, its data stays")
        #expect(!last.script.contains("/member"))
    }

    @Test func `who lost one role keeps the others`() throws {
        var spec = try MembershipFixtures.lab()
        for index in spec.hosts.indices where ["controller-1", "controller-2"].contains(spec.hosts[index].name) {
            spec.hosts[index].roles.remove(.etcd)
        }
        let found = Departures(spec, record: try MembershipFixtures.record(), truth: MembershipFixtures.truth)
        #expect(found.leaving.map(\.name) == ["controller-1", "controller-2"])
        #expect(found.leaving.allSatisfy { !$0.isWhole && $0.roles == [.etcd] && $0.etcd != nil })
    }

    @Test func `a host that only stops being a worker keeps neither pods nor their network`() throws {
        var spec = try MembershipFixtures.lab()
        let index = try #require(spec.hosts.firstIndex { $0.name == "worker-2" })
        spec.hosts[index].roles = [.client]
        let found = Departures(spec, record: try MembershipFixtures.record(), truth: MembershipFixtures.truth)
        let leaving = try #require(found.leaving.first)
        let departing = DepartureSteps(leaving, spec: spec, clusterID: "7f3c", drains: true)
        #expect(departing.removal?.action.title == "remove what its part as worker put on worker-2")
        let steps = departing.before
        #expect(
            steps.map(\.action.title) == [
                "drain worker-2", "stop kubelet.service, kube-proxy.service on worker-2",
                "end the pods, their runtime and their network on worker-2", "delete node worker-2",
            ]
        )
        let script = steps[2].action.script
        #expect(steps[2].place == .host)
        #expect(try LocalShell.reads(script))
        for words in ["tasks kill", "disable --now containerd.service", "$p --cleanup", "ip link del dev cni0"] {
            #expect(script.contains(words), "\(words)")
        }
    }

    @Test func `what the cluster knows and nobody remembers leaves too, unless it is not ours`() throws {
        var truth = MembershipFixtures.truth
        truth.nodes?["worker-9"] = true
        truth.nodes?["theirs"] = false
        truth.etcd?.append(.init(id: "d4", name: "", peerURL: "https://192.168.2.99:2380", isLearner: true))
        let found = try departures(without: [], truth: truth)
        #expect(found.leaving.map(\.name) == ["worker-9", "192.168.2.99"])
        #expect(found.leaving.allSatisfy { $0.member == nil })
        #expect(found.remarks == ["node theirs is not in the inventory and was not made by provision; it stays"])
    }

    @Test func `a member whose node name changed is the same member`() throws {
        var spec = try MembershipFixtures.lab()
        let index = try #require(spec.hosts.firstIndex { $0.name == "controller-2" })
        spec.hosts[index].nodeName = "controller-2.example.org"
        #expect(Departures(spec, record: try MembershipFixtures.record(), truth: MembershipFixtures.truth).isEmpty)
    }

    @Test func `a learner of the inventory that never began is no stranger`() throws {
        var truth = MembershipFixtures.truth
        truth.etcd?.removeAll { $0.id == "c3" }
        truth.etcd?.append(.init(id: "c4", name: "", peerURL: "https://192.168.2.4:2380", isLearner: true))
        #expect(try departures(without: [], truth: truth).isEmpty)
    }

    @Test func `a host under another name, and a member that etcd says nothing of, are refused`() throws {
        var spec = try MembershipFixtures.lab()
        let index = try #require(spec.hosts.firstIndex { $0.name == "worker-2" })
        spec.hosts[index].name = "worker-9"
        let renamed = Departures(spec, record: try MembershipFixtures.record(), truth: MembershipFixtures.truth)
        #expect(renamed.refusals.map(\.why) == ["worker-9 has the address of worker-2, which left the inventory"])
        let silent = try departures(without: ["controller-2"], truth: ClusterTruth(nodes: [:], etcd: nil))
        #expect(silent.refusals.count == 1)
    }

    @Test func `who was taken out before leaves again only if the cluster still knows him`() throws {
        let record = try MembershipFixtures.record()
        let spec = try MembershipFixtures.lab(without: ["worker-2"])
        let after = record.after(spec.hosts, machines: [:], gone: ["worker-2"])
        #expect(after.left.map(\.name) == ["worker-2"] && !after.members.contains { $0.name == "worker-2" })
        #expect(after.former(spec).map(\.name) == ["worker-2"])
        #expect(!Departures(spec, record: after, truth: MembershipFixtures.truth).isEmpty)
        var truth = MembershipFixtures.truth
        truth.nodes?["worker-2"] = nil
        #expect(Departures(spec, record: after, truth: truth).isEmpty)
        #expect(Departures(spec, record: after, truth: ClusterTruth()).isEmpty)
    }

    @Test func `a teardown takes out exactly the hosts that it is told`() throws {
        let found = try departures(without: ["worker-2"], taking: ["worker-1", "controller-1"])
        #expect(found.leaving.map(\.name).sorted() == ["controller-1", "worker-1"])
        #expect(try departures(without: ["worker-2"], taking: ["worker-2"]).leaving.map(\.name) == ["worker-2"])
    }

    @Test func `every step is one that a shell can read`() throws {
        let found = try departures(without: ["worker-2", "controller-0"])
        let spec = try MembershipFixtures.lab(without: ["worker-2", "controller-0"])
        let text = found.leaving.flatMap { leaving in
            let steps = DepartureSteps(leaving, spec: spec, clusterID: "7f3c", drains: false)
            return (steps.before + steps.after(member: spec.hosts(.etcd).first)).filter { $0.place != .etcd }
        }.map { "--- \($0.action.title)\n\($0.action.script)\n" }.joined(separator: "\n")
        let golden = InventoryFixtures.core.appending(path: "Golden/membership/departure.txt")
        #expect(try InventoryFixtures.matchesGolden(text, golden), "\(text)")
    }
}

@Suite struct EncryptionRecordTests {
    @Test(arguments: [
        ("secretbox", "secretbox", true), ("none", "aescbc", true), ("secretbox", "none", false),
        ("secretbox", "aescbc", false),
    ])
    func `a provider is never changed under Secrets that only it reads`(
        _ old: String,
        _ new: String,
        _ isFine: Bool
    ) throws {
        var spec = try MembershipFixtures.lab()
        var record = MembershipRecord(clusterID: "7f3c")
        record.encryption = .init(rawValue: old)
        spec.features.encryption = try #require(.init(rawValue: new))
        #expect((record.unreadable(under: spec) == nil) == isFine)
        #expect(MembershipRecord(clusterID: "7f3c").unreadable(under: spec) == nil, "an old record knows nothing")
    }
}
