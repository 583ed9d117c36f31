import Foundation
import ProvisionCore
import Templates
import Testing

@Suite struct TeardownPlanTests {
    private static let id = "7f3c1f0e-0000-4000-8000-000000000001"
    /// How a whole receipt begins.
    private static let begin = note("created", MarkerResource.path)

    private static func note(_ action: String, _ path: String, _ hash: String = "", _ previous: String = "") -> String {
        #"receipt {"action":"\#(action)","path":"\#(path)","sha256":"\#(hash)","previous":"\#(previous)"}"#
    }

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

    @Test func `a receipt that was begun anew is taken for lost, but for what it names`() async throws {
        let unit = "/etc/systemd/system/etcd.service"
        let files = try await subject("controller-0").lane.resources.compactMap { $0 as? FileResource }
        let etcd = try #require(files.first { $0.file.path == unit })
        let (new, old, saved) = ("/srv/new", "/srv/old", "/srv/theirs")
        let written = String(repeating: "a", count: 64)
        let lines = [
            "machine m1", "mark \(Self.id) lab controller-0", "trace /etc/provision",
            Self.note("created", new, written),
            Self.note("replaced", old, written, "/var/lib/provision/replaced/+srv+old"),
            Self.note("updated", saved, written), Self.note("unit", "etcd.service", "", "enabled active"),
            "saved +srv+old", "saved +srv+theirs", "unit etcd.service active enabled",
            "path file|644 root:root|\(unit)", "hash \(etcd.digest)  \(unit)",
        ]
        let found = [new, old, saved].flatMap { ["path file|644 root:root|\($0)", "hash \(written)  \($0)"] }
        let plan = try await plan("controller-0", lines + found)
        #expect(plan.isReceiptLost)
        let going = plan.work.filter { [.unit, .file].contains($0.kind) }.map(\.subject)
        #expect(going == ["etcd.service", unit, new, old, saved])
        #expect(plan.work.filter { $0.fate == .returns }.map(\.subject) == [saved], "what was saved before it was lost")
        #expect(plan.blocked.map(\.subject) == ["/var/lib/provision/replaced/+srv+old"], "perhaps our own file")
        let theirs = ["path file|644 root:root|\(old)", "hash \(String(repeating: "b", count: 64))  \(old)"]
        let back = try await self.plan("controller-0", Array(lines.prefix(7)) + theirs)
        #expect(back.isAllButTraces, "what somebody put back by hand is his: \(back.items)")
    }

    @Test func `where the receipt is lost the remembered machine counts`() async throws {
        var subject = try await subject("worker-0")
        subject.machineID = "m2"
        let lines = ["machine m1", "mark \(Self.id) lab worker-0"]
        guard case .refused(let why, _) = TeardownPlan(subject, HostSurvey(lines: lines)).identity else {
            Issue.record("it is another machine")
            return
        }
        #expect(why == "worker-0 has the machine-id m1, the cluster's host had m2: another machine, or a copy")
        let own = lines + [Self.begin, Self.note("machine", "m1", "", Self.id)]
        #expect(TeardownPlan(subject, HostSurvey(lines: own)).identity == .ours, "a machine that was made anew")
        subject.machineID = "m1"
        let plan = TeardownPlan(subject, HostSurvey(lines: lines + ["trace /etc/provision"]))
        #expect(plan.traceActions.first?.script.contains("= m1 ]") == true)
    }

    @Test func `without a store a host says whose it is, and is not touched`() async throws {
        var subject = try await subject("worker-0")
        subject.clusterID = nil
        let marked = TeardownPlan(subject, HostSurvey(lines: ["machine m1", "mark \(Self.id) lab w-0", Self.begin]))
        guard case .refused(let why, let remedy) = marked.identity else {
            Issue.record("nobody said which cluster is meant")
            return
        }
        #expect(why.hasPrefix("worker-0 bears the UUID \(Self.id) of the cluster lab, its host w-0;"))
        #expect(remedy.contains("--cluster-id") && marked.items.isEmpty)
        #expect(TeardownPlan(subject, HostSurvey(lines: ["machine m1"])).identity == .free)
    }

    @Test func `copies of etcd that go with our traces are named`() async throws {
        let lines = [
            "machine m1", "mark \(Self.id) lab controller-0", Self.begin, "trace /etc/provision",
            "trace /var/lib/provision", "snapshot 20480 b.db", "snapshot 4096 a.db",
        ]
        let traces = try await plan("controller-0", lines).items.filter { $0.kind == .trace }
        #expect(traces.map(\.parts) == [[], ["snapshots/a.db  4096 bytes", "snapshots/b.db  20480 bytes"]])
        #expect(traces.last?.reason.contains("every Secret") == true)
    }

    @Test func `docker goes with its package, and nothing of its unit comes back`() async throws {
        let receipts = [
            #"receipt {"action":"created","path":"/etc/systemd/system/docker.service","sha256":"a","previous":""}"#,
            #"receipt {"action":"created","path":"/etc/systemd/system/kubelet.service","sha256":"a","previous":""}"#,
            #"receipt {"action":"created","path":"package:docker.io","sha256":"","previous":""}"#,
            #"receipt {"action":"unit","path":"docker.service","sha256":"","previous":"enabled inactive"}"#,
            #"receipt {"action":"machine","path":"m1","sha256":"","previous":"\#(Self.id)"}"#,
        ]
        let marked = ["machine m1", "mark \(Self.id) lab worker-0", Self.begin]
        let lines = marked + ["unit docker.service inactive "] + receipts
        let ours = ["link docker0 -", "path directory|711 root:root|/var/lib/docker"]
        let found = try await plan("worker-0", lines + ours)
        #expect(Set(found.work.map(\.subject)).isSuperset(of: ["docker0", "/var/lib/docker"]))
        #expect(try await plan("worker-0", lines).isClean)
        #expect(try await plan("worker-0", marked + [receipts[4]] + ours).work.isEmpty, "somebody else's docker stays")
    }

    private static let dockers: [String] = [
        "machine m1", "mark \(id) lab worker-0", begin, note("machine", "m1", "", id),
        note("created", "/etc/systemd/system/docker.service", "a"),
        note("created", "/etc/systemd/system/kubelet.service", "a"), note("created", "package:docker.io"),
        note("created", "package:containerd"), note("created", "group:docker"), "package docker.io ii",
        "package containerd ii", "group docker", "path file|644 root:root|/etc/systemd/system/docker.service",
        "unit docker.service active enabled", "path directory|711 root:root|/run/docker",
        "path directory|711 root:root|/var/lib/docker", "path directory|700 root:root|/var/lib/dockershim",
        "path directory|711 root:root|/var/lib/containerd", "path socket|660 root:docker|/run/docker.sock",
        "path socket|755 root:root|/run/dockershim.sock", "docker 0123abcd exited",
        "mount 1 2 0:1 / /var/lib/docker/overlay2/0a/merged rw - overlay overlay rw",
        "mount 1 2 0:1 / /run/docker/netns/0a rw - nsfs nsfs rw", "process 77 /usr/bin/containerd-shim-runc-v2",
        "process 78 /usr/bin/theirs",
    ]

    @Test func `what dockerd filled goes where docker came with the cluster`() async throws {
        let found = try await plan("worker-0", Self.dockers)
        let going = Set(found.work.map(\.subject))
        let trees = ["/run/docker", "/var/lib/docker", "/var/lib/dockershim", "/var/lib/containerd"]
        let rest = ["/run/docker.sock", "/run/dockershim.sock", "/run/docker/netns/0a", "docker", "0123abcd", "77"]
        #expect(going.isSuperset(of: trees + rest + ["/var/lib/docker/overlay2/0a/merged"]), "\(going)")
        #expect(!going.contains("78") && found.blocked.isEmpty)
        let unit = try #require(found.work.first { $0.kind == .unit })
        for words in ["label=io.kubernetes.docker.type", "halt docker.socket", "halt containerd.service"] {
            #expect(unit.script.contains(words), "\(words)")
        }
        let purge = try #require(found.work.first { $0.kind == .package })
        #expect(purge.script.contains("chmod -x /usr/share/docker.io/contrib/nuke-graph-directory.sh"))
    }

    @Test func `a docker that was there before keeps all but the pods`() async throws {
        let before = ["/run/docker", "/var/lib/docker", "/var/lib/containerd"].map {
            Self.note("present", "dir:\($0)", "", "full")
        }
        let theirs = Self.dockers.filter { !$0.contains("package") && !$0.contains("group:") } + before
        let found = try await plan("worker-0", theirs)
        #expect(found.blocked.isEmpty)
        let going = found.work.filter { $0.kind != .start && $0.kind != .trace }.map(\.subject)
        let unit = "/etc/systemd/system/docker.service"
        #expect(going == ["docker.service", "0123abcd", "/var/lib/dockershim", unit, "/run/dockershim.sock"])
        #expect(found.work.first?.script.contains("docker.socket") == false)
    }

    @Test func `what a playbook did to the host's own is taken back, and the way in stays open`() async throws {
        let receipt = [
            "machine m1", "mark \(Self.id) lab worker-0", Self.begin, Self.note("machine", "m1", "", Self.id),
            Self.note("unit", "fstrim.timer", "", "disabled inactive"),
            Self.note("unit", "ssh.service", "", "disabled inactive"), Self.note("reread", "reload:ssh.service"),
            Self.note("mode", "/etc/crontab", "", "644 root:root"),
            Self.note("sysctl", "kernel.kptr_restrict", "", "0"),
        ]
        let done = [
            "unit fstrim.timer active enabled", "unit ssh.service active enabled", "stamp ssh.service",
            "path file|600 root:root|/etc/crontab", "sysctl kernel.kptr_restrict 2",
        ]
        let found = try await plan("worker-0", receipt + done)
        #expect(found.work.map(\.subject) == ["/etc/crontab", "fstrim.timer", "ssh.service", "kernel.kptr_restrict"])
        #expect(found.work[1].kind == .unit && found.work[1].script.contains("systemctl -q disable fstrim.timer"))
        #expect(found.work[2].kind == .start && found.work[2].script.contains("systemctl reload ssh.service"))
        let undone = [
            "unit fstrim.timer inactive disabled", "unit ssh.service active enabled",
            "path file|644 root:root|/etc/crontab", "sysctl kernel.kptr_restrict 0",
        ]
        #expect(try await plan("worker-0", receipt + undone).isClean)
    }

    @Test func `a package that went for a playbook's is named, with the way back`() async throws {
        let lines = [
            "machine m1", "mark \(Self.id) lab worker-0", Self.begin,
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
                "machine m1", "mark \(Self.id) lab worker-0", Self.begin,
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
            "user etcd", Self.begin,
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
