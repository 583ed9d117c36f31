import Foundation
import ProvisionCore
import Templates
import Testing

@Suite struct EtcdRestoreTests {
    private static let time = "20261125T024000Z"

    private func restores() async throws -> [EtcdRestore] {
        let plan = try await SampleMaterials.shared.plan("lab-debian.yaml")
        return plan.lanes.compactMap { EtcdRestore.Member(lane: $0) }
            .map { EtcdRestore(member: $0, clusterID: "7f3c1f0e-0000-4000-8000-000000000001", time: Self.time) }
    }

    @Test func `members are restored as their units describe them`() async throws {
        let members = try await restores().map(\.member)
        #expect(members.map(\.name) == ["controller-0", "controller-1", "controller-2"])
        #expect(members.map(\.peerURLs).first == "https://192.168.2.2:2380")
        #expect(Set(members.map(\.initialCluster)).count == 1)
        #expect(members.first?.initialCluster.contains("controller-2=https://192.168.2.4:2380") == true)
        #expect(members.first?.token == "kubernetes-the-hard-way-7f3c1f0e")
    }

    @Test func `the scripts are what they were`() async throws {
        let restore = try #require(try await restores().first)
        let upload = Action.Upload(localPath: "/x.db", size: 20_480, sha256: String(repeating: "a", count: 64))
        let parts = [
            ("stop", RestorePhase.allCases.map { $0.script(clusterID: restore.clusterID) }.joined(separator: "\n")),
            ("send", restore.send(upload).script), ("prepare", restore.prepare(skipsHashCheck: false)),
            ("prepare from a file", restore.prepare(skipsHashCheck: true)), ("swap", restore.swap),
            ("abandon", restore.abandon),
        ]
        let text = parts.map { "## \($0)\n\($1)\n" }.joined(separator: "\n")
        let file = InventoryFixtures.core.appending(path: "Golden/etcd/restore.sh")
        #expect(try InventoryFixtures.matchesGolden(text, file))
        for (name, script) in parts { #expect(try LocalShell.reads(RotationScripts.framed(script)), "\(name)") }
    }

    @Test func `before a restore hosts get everything but what runs`() async throws {
        let ground = try await SampleMaterials.shared.plan("lab-debian.yaml").etcdGround
        #expect(ground.lanes.map(\.host.name) == ["controller-0", "controller-1", "controller-2"])
        let ids = ground.lanes[0].resources.map(\.id)
        #expect(ids.contains("file:/etc/systemd/system/etcd.service"))
        #expect(ids.contains("binary:/usr/local/bin/etcdctl"))
        #expect(ids.contains("marker:/etc/provision/cluster"))
        #expect(ids.contains("user:etcd"))
        #expect(ids.contains("file:/etc/kubernetes/etcd-bootstrap.env"))
        let runs = ["service:", "health:", "etcd-"]
        #expect(!ids.contains { id in runs.contains { id.hasPrefix($0) } || id.contains("apiserver") })
    }

    @Test func `what is lost is said`() throws {
        let hosts = try SamplePlan.spec("lab-debian.yaml").hosts(.etcd)
        func loss(_ revision: Int, _ answers: [String], isFromMember: Bool = false) -> String {
            let members = zip(hosts, answers).map { EtcdMember($0, answer: $1) }
            return RestoreLoss(
                revision: revision,
                taken: "2026-11-25T02:40:00Z",
                overview: EtcdOverview(members: members),
                isFromMember: isFromMember
            ).words
        }
        func stored(_ revision: Int) -> String {
            #"stored {"hash":1,"revision":\#(revision),"totalKey":1,"totalSize":1}"#
        }
        #expect(
            loss(40, [stored(44), ""])
                == "back to revision 40 of 2026-11-25T02:40:00Z; controller-0 holds revision 44: the 4 changes after 40 are lost"
        )
        #expect(loss(40, ["", ""]).contains("how much is not known"))
        #expect(loss(40, [stored(30)]).hasPrefix("forward to revision 40"))
        #expect(loss(40, [stored(40)], isFromMember: true).contains("all that controller-0 holds"))
    }
}
