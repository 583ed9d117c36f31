import Foundation
import ProvisionCore
import Templates
import Testing

@Suite struct EtcdRestoreTests {
    private static let time = "20261125T024000Z"

    private static let clusterID = "7f3c1f0e-0000-4000-8000-000000000001"

    private func restores(_ time: String = Self.time) async throws -> [EtcdRestore] {
        let plan = try await SampleMaterials.shared.plan("lab-debian.yaml")
        return plan.lanes.compactMap { EtcdRestore.Member(lane: $0) }
            .map { EtcdRestore(member: $0, clusterID: Self.clusterID, time: time) }
    }

    @Test func `members are restored as their units describe them`() async throws {
        let members = try await restores().map(\.member)
        #expect(members.map(\.name) == ["controller-0", "controller-1", "controller-2"])
        #expect(members.map(\.peerURLs).first == "https://192.168.2.2:2380")
        #expect(Set(members.map(\.initialCluster)).count == 1)
        #expect(members.first?.initialCluster.contains("controller-2=https://192.168.2.4:2380") == true)
        #expect(members.first?.token == "kubernetes-the-hard-way-7f3c1f0e")
    }

    @Test func `all members of one restore have one token, which no other restore and no founder had`() async throws {
        let tokens = Set(try await restores().map(\.token))
        let later = Set(try await restores("20261125T024001Z").map(\.token))
        #expect(tokens == ["kubernetes-the-hard-way-7f3c1f0e-\(Self.time)"])
        #expect(later.count == 1 && later.isDisjoint(with: tokens))
    }

    /// An etcdctl that writes down how it was called, and makes what a restore makes.
    private static let standIns = """
        cut() { echo \(clusterID); }; chown() { :; }
        timeout() {
          case "$*" in *--help*) return 0;; esac
          for w in "$@"; do d=$w; done; command mkdir -p "$d/member"; echo "$*" > "$d/member/words"; }
        """

    @Test func `a restore that was cut off and began again makes its data anew, under its own token`() async throws {
        let directory = NSTemporaryDirectory() + "provision-restore-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for time in ["20261125T023000Z", Self.time] {
            var member = try #require(try await restores().first?.member)
            member.dataDirectory = directory
            let restore = EtcdRestore(member: member, clusterID: Self.clusterID, time: time)
            let answer = try LocalShell.run(restore.prepare(skipsHashCheck: false), standIns: Self.standIns)
            #expect(answer.status == 0, "\(answer.text)")
        }
        let waiting = ".restore-\(Self.time).provision-tmp"
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == [waiting])
        let words = try String(contentsOfFile: "\(directory)/\(waiting)/member/words", encoding: .utf8)
        #expect(words.contains("--initial-cluster-token kubernetes-the-hard-way-7f3c1f0e-\(Self.time) "))
    }

    @Test func `the scripts are what they were`() async throws {
        let restore = try #require(try await restores().first)
        let upload = Action.Upload(localPath: "/x.db", size: 20_480, sha256: String(repeating: "a", count: 64))
        let parts = [
            ("stop", RestorePhase.allCases.map { $0.script(clusterID: restore.clusterID) }.joined(separator: "\n")),
            ("send", restore.send(upload).script), ("prepare", restore.prepare(skipsHashCheck: false)),
            ("prepare from a file", restore.prepare(skipsHashCheck: true)), ("swap", restore.swap),
            ("abandon", restore.abandon),
            (
                "start again",
                RestorePhase.start(["kubelet.service", "kube-proxy.service"], clusterID: restore.clusterID)
            ),
        ]
        let text = parts.map { "## \($0)\n\($1)\n" }.joined(separator: "\n")
        let file = InventoryFixtures.core.appending(path: "Golden/etcd/restore.sh")
        #expect(try InventoryFixtures.matchesGolden(text, file))
        for (name, script) in parts { #expect(try LocalShell.reads(RotationScripts.framed(script)), "\(name)") }
    }

    /// A systemd with some of the watchers, two of which run.
    private static let systemd = """
        cut() { echo \(clusterID); }; timeout() { shift; "$@"; }
        ON=' kubelet.service kube-proxy.service '
        systemctl() {
          case $1 in
            cat) [ $2 != kube-scheduler.service ];;
            is-active) case "$ON" in *" $2 "*) echo active;; *) echo inactive; return 3;; esac;;
            -q) case "$ON" in *" $3 "*) ;; *) return 3;; esac;;
            stop) ON=$(echo "$ON" | sed "s/ $2 / /");;
            start) echo "did: $*";;
          esac; }
        """

    @Test func `who stands still says what ran, and only that is started again`() async throws {
        let id = try #require(try await restores().first).clusterID
        // This machine is nobody's host.
        let script = RestorePhase.watchers.script(clusterID: id).split(separator: "\n").dropFirst()
        let answer = try LocalShell.run(script.joined(separator: "\n"), standIns: Self.systemd)
        let units = RestorePhase.stopped(answer.text)
        #expect(answer.status == 0 && units == ["kubelet.service", "kube-proxy.service"], "\(answer.text)")
        let again = try LocalShell.run(RestorePhase.start(units, clusterID: id), standIns: Self.systemd)
        let words = units.map { "did: start --no-block \($0)" }
        #expect(again.status == 0 && again.text == words.joined(separator: "\n"), "\(again.text)")
        let stranger = try LocalShell.run(RestorePhase.start(units, clusterID: "another"), standIns: Self.systemd)
        #expect(stranger.status == 8 && !stranger.text.contains("did: "))
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
