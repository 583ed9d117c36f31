import Foundation
import ProvisionCore
import Templates
import Testing

@Suite struct TeardownPlanTests {
    private static let id = "7f3c1f0e-0000-4000-8000-000000000001"

    private func subject(_ host: String, keepsData: Bool = false) async throws -> TeardownPlan.Subject {
        let sample = try await SamplePlan.make("lab-debian.yaml")
        let lane = try #require(sample.plan.lanes.first { $0.host.name == host })
        return TeardownPlan.Subject(spec: sample.spec, lane: lane, clusterID: Self.id, keepsData: keepsData)
    }

    private func plan(_ host: String, _ lines: [String], keepsData: Bool = false) async throws -> TeardownPlan {
        TeardownPlan(try await subject(host, keepsData: keepsData), HostSurvey(lines: lines + ["complete"]))
    }

    /// Every item, then every script, as they go to the host.
    private func outline(_ plan: TeardownPlan) -> String {
        let items = plan.items.map { "\($0.fate.rawValue) \($0.kind.rawValue) \($0.subject): \($0.reason)" }
        let scripts = (plan.stopActions + plan.removeActions + plan.traceActions).map { action in
            "## \(action.title)\n\(action.script.split(separator: "\n").filter { !$0.hasPrefix(" ") }.drop { $0.hasPrefix("R=") || $0.contains("() {") }.joined(separator: "\n"))"
        }
        return (items + scripts).joined(separator: "\n") + "\n"
    }

    @Test(arguments: ["worker-0", "lb-0", "controller-0"])
    func `a host's survey gives its golden plan`(host: String) async throws {
        let survey = InventoryFixtures.core.appending(path: "Fixtures/teardown/\(host).txt")
        let lines = try String(contentsOf: survey, encoding: .utf8).split(separator: "\n").map(String.init)
        let golden = InventoryFixtures.core.appending(path: "Golden/teardown/\(host).txt")
        let text = outline(try await plan(host, lines))
        #expect(try InventoryFixtures.matchesGolden(text, golden), "\(text)")
    }

    @Test(arguments: [
        (["mark \(id) lab worker-0"], "ours"),
        (["mark 00000000 other worker-0"], "refused: worker-0 belongs to the cluster other (00000000)"),
        (
            ["mark \(id) lab worker-0", #"receipt {"action":"machine","path":"m2","sha256":"","previous":"\#(id)"}"#],
            "refused: worker-0 has the machine-id m1, the cluster's host had m2"
        ),
        ([#"receipt {"action":"machine","path":"m1","sha256":"","previous":"\#(id)"}"#], "ours"),
        (
            [#"receipt {"action":"machine","path":"m1","sha256":"","previous":"other"}"#],
            "refused: worker-0 has a receipt of the cluster other"
        ),
        (
            [#"receipt {"action":"created","path":"/etc/kubernetes","sha256":"","previous":""}"#],
            "refused: worker-0 has files of"
        ),
        ([], "free"),
    ])
    func `a host is touched only when mark and machine are the cluster's`(lines: [String], want: String) async throws {
        let plan = try await plan("worker-0", ["machine m1"] + lines)
        let word: String
        switch plan.identity {
        case .ours: word = "ours"
        case .free: word = "free"
        case .refused(let why, _): word = "refused: \(why)"
        }
        #expect(word.hasPrefix(want), "\(word)")
        #expect(want == "ours" || plan.items.isEmpty)
    }

    @Test func `with a lost receipt only what is exactly ours goes`() async throws {
        let subject = try await subject("worker-0")
        let file = try #require(
            subject.lane.resources.compactMap { $0 as? FileResource }.first {
                $0.file.path.hasSuffix("kubelet.service")
            }
        )
        let lines = [
            "machine m1", "mark \(Self.id) lab worker-0", "trace /etc/provision",
            "path file|600 root:root|\(file.file.path)", "hash \(file.digest)  \(file.file.path)",
            "path file|644 root:root|/etc/containerd/config.toml",
            "hash \(String(repeating: "0", count: 64))  /etc/containerd/config.toml",
            "saved +etc+crictl.yaml", "path directory|750 root:root|/var/lib/kubelet",
            "path directory|711 root:root|/var/lib/containerd", "inside /var/lib/containerd/io.containerd.x",
        ]
        let plan = try await plan("worker-0", lines)
        #expect(plan.isReceiptLost)
        #expect(
            plan.work.map(\.subject) == [
                "/var/lib/kubelet", file.file.path, "/etc/crictl.yaml", "systemd's view", "/etc/provision",
            ]
        )
        let doubtful = ["/etc/containerd/config.toml", "/var/lib/containerd"]
        #expect(plan.blocked.map(\.subject).sorted() == doubtful, "it is not called clean")
        let after = try await self.plan(
            "worker-0",
            lines.prefix(2) + [lines[5], lines[6], "returned +etc+containerd+config.toml"]
        )
        #expect(after.isClean, "what came back is not taken for a drifted file: \(after.items)")
    }

    @Test func `docker goes with its package, and nothing of its unit comes back`() async throws {
        let receipts = [
            #"receipt {"action":"created","path":"/etc/systemd/system/docker.service","sha256":"a","previous":""}"#,
            #"receipt {"action":"created","path":"/etc/systemd/system/kubelet.service","sha256":"a","previous":""}"#,
            #"receipt {"action":"created","path":"package:docker.io","sha256":"","previous":""}"#,
            #"receipt {"action":"unit","path":"docker.service","sha256":"","previous":"enabled inactive"}"#,
            #"receipt {"action":"machine","path":"m1","sha256":"","previous":"\#(Self.id)"}"#,
        ]
        let lines = ["machine m1", "mark \(Self.id) lab worker-0", "unit docker.service inactive "] + receipts
        let ours = ["link docker0 -", "path directory|711 root:root|/var/lib/docker"]
        let found = try await plan("worker-0", lines + ours)
        #expect(Set(found.work.map(\.subject)).isSuperset(of: ["docker0", "/var/lib/docker"]))
        #expect(try await plan("worker-0", lines).isClean)
        let foreign = ["machine m1", "mark \(Self.id) lab worker-0", receipts[4]]
        #expect(try await plan("worker-0", foreign + ours).work.isEmpty, "somebody else's docker stays")
    }

    @Test func `a package that went for a playbook's is named, with the way back`() async throws {
        let lines = [
            "machine m1", "mark \(Self.id) lab worker-0",
            #"receipt {"action":"removed","path":"package:systemd-timesyncd","sha256":"","previous":"252"}"#,
            #"receipt {"action":"machine","path":"m1","sha256":"","previous":"\#(Self.id)"}"#,
        ]
        let gone = try await plan("worker-0", lines + ["removed systemd-timesyncd rc"])
        let item = try #require(gone.items.first { $0.kind == .package })
        #expect(item.fate == .stays && item.subject == "systemd-timesyncd")
        #expect(item.reason.hasPrefix("252 went") && item.reason.hasSuffix("apt-get install systemd-timesyncd"))
        let back = try await plan("worker-0", lines + ["removed systemd-timesyncd ii"])
        #expect(!back.items.contains { $0.kind == .package })
    }

    @Test func `swap comes back with the priority that somebody chose`() async throws {
        let plan = try await plan(
            "worker-0",
            [
                "machine m1", "mark \(Self.id) lab worker-0",
                #"receipt {"action":"swap","path":"/dev/sda2","sha256":"","previous":"10"}"#,
                #"receipt {"action":"swap","path":"/swapfile","sha256":"","previous":"-2"}"#,
                #"receipt {"action":"machine","path":"m1","sha256":"","previous":"\#(Self.id)"}"#,
            ]
        )
        let scripts = plan.work.filter { $0.kind == .swap }.map(\.script)
        #expect(scripts.count == 2)
        #expect(scripts.first?.contains("swapon -p 10 /dev/sda2") == true, "\(scripts)")
        #expect(scripts.last?.contains("swapon /swapfile") == true, "\(scripts)")
    }

    @Test func `keeping data keeps etcd's directory, its user and our marks`() async throws {
        let lines = [
            "machine m1", "mark \(Self.id) lab controller-0", "trace /etc/provision", "trace /var/lib/provision",
            "user etcd",
            #"receipt {"action":"created","path":"user:etcd","sha256":"","previous":""}"#,
            #"receipt {"action":"created","path":"/var/lib/etcd","sha256":"","previous":""}"#,
            #"receipt {"action":"created","path":"/etc/systemd/system/etcd.service","sha256":"a","previous":""}"#,
            "path directory|700 etcd:etcd|/var/lib/etcd", "path directory|700 etcd:etcd|/var/lib/etcd/member",
        ]
        let kept = try await plan("controller-0", lines, keepsData: true)
        #expect(kept.isClean)
        #expect(kept.items.filter { $0.fate == .stays }.map(\.subject).contains("/var/lib/etcd"))
        let gone = try await plan("controller-0", lines)
        #expect(gone.work.map(\.subject).contains("/var/lib/etcd"))
    }

    @Test func `the guard stands before every script`() async throws {
        let lines = [
            "machine m1", "mark \(Self.id) lab worker-0", "trace /etc/provision", "route 10.0.0.0/8 via 1.2.3.4 dev x",
        ]
        let plan = try await plan("worker-0", lines)
        for actions in [plan.removeActions, plan.traceActions] {
            #expect(actions.first?.title == "see that this is the cluster's host")
        }
        #expect(plan.stopActions.isEmpty)
    }
}
