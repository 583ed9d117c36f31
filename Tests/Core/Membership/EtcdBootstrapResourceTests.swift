import Foundation
import Templates
import Testing

@testable import ProvisionCore

@Suite struct EtcdBootstrapResourceTests {
    private func resource(_ part: EtcdBootstrapResource.Part) -> EtcdBootstrapResource {
        let members = [
            EtcdBootstrap.Member(name: "controller-0", address: IPv4Address(bits: 0xC0A8_0202)),
            EtcdBootstrap.Member(name: "controller-1", address: IPv4Address(bits: 0xC0A8_0203)),
        ]
        return EtcdBootstrapResource(
            part,
            member: MembershipFixtures.member(others: ["192.168.2.3"]),
            standing: EtcdBootstrap(members: members, state: .existing).rendered(),
            founding: EtcdBootstrap(members: members, state: .new).rendered()
        )
    }

    private static let create = "create /etc/kubernetes/etcd-bootstrap.env"

    @Test(arguments: [
        (EtcdBootstrapResource.Part.found, "data existing", "same: has data"),
        (.found, "data new", "same: has data"),
        (.join, "data existing", "same: has data"),
        (.found, "stopped existing", "same: has data"),
        (
            .join, "stopped existing",
            "change: has data of a member that the others took out -> join etcd as a learner, be promoted, \(create)"
        ),
        (.found, "data absent", "change: does not say whose member it is -> \(create)"),
        (.found, "none absent", "change: has no data -> found etcd's cluster with 2 members"),
        (.found, "none new", "change: has no data -> found etcd's cluster with 2 members"),
        (.found, "none existing", "refused: controller-0 had data of etcd and lost it"),
        (.join, "none existing", "change: lost its data -> join etcd as a learner, be promoted, \(create)"),
        (.join, "none absent", "change: has no data -> join etcd as a learner, be promoted"),
    ])
    func `an answer gives its verdict`(_ part: EtcdBootstrapResource.Part, _ answer: String, _ outline: String) {
        #expect(resource(part).outline(answer) == outline)
    }

    @Test func `a process on other data, a refusal and an unknown answer change nothing`() {
        let refusal = EtcdSituation.Refusal(why: "all is lost", remedy: "restore")
        #expect(resource(.refuse(refusal)).outline("none existing") == "refused: all is lost")
        #expect(resource(.refuse(refusal)).outline("data existing") == "same: has data")
        for part in [EtcdBootstrapResource.Part.found, .join] {
            #expect(resource(part).outline("elsewhere existing").hasPrefix("refused: etcd runs on controller-0"))
            #expect(resource(part).outline("").hasPrefix("refused: cannot be read"))
        }
    }

    @Test func `only a member without data is told that its cluster is new`() {
        #expect(resource(.found).scripts("none absent").joined().contains("ETCD_INITIAL_CLUSTER_STATE=new"))
        #expect(resource(.found).scripts("data absent").joined().contains("ETCD_INITIAL_CLUSTER_STATE=existing"))
        #expect(!resource(.join).scripts("none absent").joined().contains("STATE=new"))
    }

    @Test func `scripts are as they were`() throws {
        let member = MembershipFixtures.member()
        let removal = EtcdRemoval(
            ClusterTruth.EtcdMember(
                id: "b2",
                name: "controller-1",
                peerURL: "https://192.168.2.3:2380",
                isLearner: false
            ),
            by: try #require(try MembershipFixtures.lab().hosts(.etcd).first),
            dataDirectory: "/var/lib/etcd"
        )
        let scripts = [
            ("join", member.join.script), ("vote", member.voter().check), ("promote", member.voter().action.script),
            ("found", member.foundingGuard), ("stop", member.quorumGuard()), ("pass on", member.handover),
            ("remove", removal.action.script),
        ]
        let text = scripts.map { "--- \($0.0)\n\($0.1)\n" }.joined(separator: "\n")
        let golden = InventoryFixtures.core.appending(path: "Golden/membership/etcd.txt")
        #expect(try InventoryFixtures.matchesGolden(text, golden), "\(text)")
        for (name, script) in scripts {
            #expect(try LocalShell.run("main() {\n\(script)\n}\n", ["-n"]).status == 0, "\(name)")
        }
    }
}
