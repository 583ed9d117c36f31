import Foundation
import Testing

@testable import ProvisionCore

/// The arithmetic of members, as shells do it.
@Suite struct EtcdQuorumTests {
    static let two = FakeEtcd.three.split(separator: "\n").prefix(2).joined(separator: "\n")
    static let one = FakeEtcd.three.split(separator: "\n").prefix(1).joined(separator: "\n")
    static let addresses = ["127.0.0.1", "192.168.2.2", "192.168.2.3", "192.168.2.4"]

    @Test(arguments: [
        (FakeEtcd.three, addresses, 0, ""),
        (FakeEtcd.three, ["127.0.0.1", "192.168.2.2", "192.168.2.3"], 8, "not healthy: controller-2"),
        // Of two, one may restart while the other is well.
        (two, addresses, 0, ""),
        (two, ["127.0.0.1", "192.168.2.2"], 8, "only 0 other members are healthy, 1 are needed"),
        (one, addresses, 0, ""),
        // What is down already loses nothing by a restart.
        (FakeEtcd.three, ["192.168.2.3"], 0, ""),
    ])
    func `a member restarts while the others are enough`(
        _ list: String,
        _ healthy: [String],
        _ status: Int32,
        _ words: String
    ) throws {
        let script = MembershipFixtures.member().quorumGuard()
        let answer = try LocalShell.run(script, standIns: FakeEtcd.standIns(list, healthy: healthy))
        #expect(answer.status == status, "\(answer.text)")
        #expect(words.isEmpty || answer.text.contains(words), "\(answer.text)")
    }

    @Test(arguments: [
        ("192.168.2.2", addresses, "did: move-leader b2"), ("192.168.2.3", addresses, ""),
        // Down already: there is no office to pass on.
        ("192.168.2.2", ["192.168.2.3"], ""),
    ])
    func `a leader that restarts passes its office on`(_ leader: String, _ healthy: [String], _ did: String) throws {
        let member = MembershipFixtures.member()
        let standIns = FakeEtcd.standIns(FakeEtcd.three, healthy: healthy, leader: leader)
        let script = "\(member.quorumGuard())\n\(member.handover)\necho restarts"
        let answer = try LocalShell.run(script, standIns: standIns)
        #expect(answer.status == 0 && answer.text == (did.isEmpty ? "restarts" : "\(did)\nrestarts"), "\(answer.text)")
    }

    @Test func `an office that nobody takes keeps no member from its restart`() throws {
        let member = MembershipFixtures.member()
        let standIns = FakeEtcd.standIns(FakeEtcd.three, healthy: Self.addresses, leader: "192.168.2.2")
        let deaf = "E() { case \"$*\" in *move-leader*) return 1;; *) etcdctl \"$@\";; esac; }"
        let script = "\(member.quorumGuard())\n\(deaf)\n\(member.handover)\necho restarts"
        #expect(try LocalShell.run(script, standIns: standIns).text == "restarts")
    }

    @Test(arguments: [
        ("etcd_server_is_leader 1\netcd_server_is_learner 0", 0, "leads"),
        ("etcd_server_is_leader 0\netcd_server_is_learner 0", 0, "is no learner"),
        ("etcd_server_is_leader 0\netcd_server_is_learner 1", 1, "is still a learner"),
    ])
    func `a member says whether it leads`(_ metrics: String, _ status: Int32, _ words: String) throws {
        let voter = MembershipFixtures.member().voter()
        let answer = try LocalShell.run(voter.check, standIns: "curl() { echo '\(metrics)'; }")
        #expect(answer.status == status && answer.text == words)
        let isLeader = EtcdMemberScripts.leads(voter, ProbeAnswer(status: Int(status), text: answer.text))
        #expect(isLeader == (words == "leads"))
    }

    private func remove(_ id: String, _ list: String, healthy: [String], leader: String = "") throws -> (Int32, String)
    {
        let host = try #require(try MembershipFixtures.lab().hosts(.etcd).first)
        let gone = ClusterTruth.EtcdMember(
            id: id,
            name: "controller-1",
            peerURL: "https://192.168.2.3:2380",
            isLearner: false
        )
        let script = EtcdRemoval(gone, by: host, dataDirectory: "/var/lib/etcd").action.script
        let standIns = FakeEtcd.standIns(list, healthy: healthy, leader: leader)
        return try LocalShell.run("S=/nowhere\n" + script, standIns: standIns)
    }

    @Test func `a snapshot comes first, and the leader's office is passed on before the member goes`() throws {
        let (status, text) = try remove("b2", FakeEtcd.three, healthy: Self.addresses, leader: "192.168.2.3")
        #expect(status == 0, "\(text)")
        let snapshot = try #require(text.range(of: "/nowhere/snapshots/before-removal-of-controller-1.db"))
        let moved = try #require(text.range(of: "did: move-leader a1"))
        #expect(snapshot.upperBound <= moved.lowerBound, "\(text)")
    }

    @Test func `a member that does not lead is just removed`() throws {
        let (status, text) = try remove("b2", FakeEtcd.three, healthy: Self.addresses, leader: "192.168.2.2")
        #expect(status == 0 && !text.contains("move-leader"), "\(text)")
    }

    @Test(arguments: [
        (FakeEtcd.three, ["192.168.2.2"], "needs 2 of them healthy, and 1 are: bring back controller-2 first"),
        (two, ["192.168.2.2"], "1 of 2 members are healthy, and 2 are needed to change the members"),
        (
            "b2, started, controller-1, https://192.168.2.3:2380, https://192.168.2.3:2379, false", addresses,
            "the last member"
        ),
    ])
    func `what would lose the quorum is refused, and what comes first is named`(
        _ list: String,
        _ healthy: [String],
        _ words: String
    ) throws {
        let (status, text) = try remove("b2", list, healthy: healthy)
        #expect(status == 8, "\(text)")
        #expect(text.contains(words), "\(text)")
    }

    @Test func `a member that is gone already is gone`() throws {
        let (status, text) = try remove("dd", FakeEtcd.three, healthy: Self.addresses)
        #expect(status == 0 && text.contains("is no member any more"), "\(text)")
    }

    @Test(arguments: [
        // Founders see each other come up: each is expected there and has never published an address.
        ("a1, started, controller-0, https://192.168.2.2:2380, , false", 0),
        // Another cluster, or one that this host was part of.
        (FakeEtcd.three, 8), ("b2, started, x, https://192.168.2.3:2380, https://192.168.2.3:2379, false", 8),
    ])
    func `nobody founds a cluster beside one that runs`(_ list: String, _ status: Int) throws {
        let script = MembershipFixtures.member().foundingGuard
        let answer = try LocalShell.run(script, standIns: FakeEtcd.standIns(list, healthy: Self.addresses))
        #expect(Int(answer.status) == status, "\(answer.text)")
    }

    @Test func `without any member that answers, nothing is founded by a joiner`() throws {
        let script = MembershipFixtures.member().join.script
        let answer = try LocalShell.run(script, standIns: FakeEtcd.standIns(FakeEtcd.three, healthy: []))
        #expect(answer.status == 8 && answer.text.contains("nothing is founded"), "\(answer.text)")
    }
}
