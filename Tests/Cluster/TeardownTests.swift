import Foundation
import Testing

/// The end of a cluster: started on the one that `ClusterTests` leaves behind, after it.
@Suite(.serialized, .enabled(if: TestCluster.runs("TeardownTests"), "started by make cluster-test"))
struct TeardownTests {
    private let cluster: TestCluster
    private static let name = "kubernetes-the-hard-way"

    init() throws { cluster = try #require(TestCluster.current) }

    private func teardown(_ arguments: [String] = []) async throws -> TestCluster.Output {
        try await cluster.provision("teardown", ["--confirm", Self.name] + arguments, seconds: 300)
    }

    @Test(.timeLimit(.minutes(2))) func `nothing is touched without the cluster's name`() async throws {
        let unnamed = try await cluster.provision("teardown", ["--no-input"])
        #expect(unnamed.status == 64, "\(unnamed.everything)")
        let wrong = try await cluster.provision("teardown", ["--confirm", "another"])
        #expect(wrong.status == 64, "\(wrong.everything)")
        let plan = try await cluster.provision("teardown", ["--plan"])
        #expect(plan.status == 0, "\(plan.everything)")
        for text in ["kubelet.service", "/var/lib/etcd", "iptables-nft", "the credential store"] {
            #expect(plan.text.contains(text), "\(text)")
        }
        #expect(try await cluster.pending() == [])
    }

    @Test(.timeLimit(.minutes(2)))
    func `another cluster's host and a changed machine are refused`() async throws {
        let swaps = [
            (
                "cp -a /etc/provision/cluster /root/mark; sed -i 's/^[^ ]*/00000000-0000-4000-8000-000000000000/' /etc/provision/cluster",
                "mv /root/mark /etc/provision/cluster"
            ),
            (
                "cp -a /etc/machine-id /root/id; echo 0123456789abcdef0123456789abcdef > /etc/machine-id",
                "cat /root/id > /etc/machine-id; rm /root/id"
            ),
        ]
        for (change, undo) in swaps {
            _ = try await cluster.on("worker-0", change)
            let refused = try await teardown(["--host", "worker-0", "--no-drain"])
            _ = try await cluster.on("worker-0", undo)
            #expect(refused.status == 8, "\(refused.everything)")
            #expect(refused.everything.contains("no host was touched"))
        }
        #expect(try await cluster.pending() == [])
    }

    @Test(.timeLimit(.minutes(10))) func `killed again and again it ends clean, and leaves what is not ours`()
        async throws
    {
        let workload = VolumeWorkload(cluster: cluster)
        #expect(try await workload.start())
        #expect(try await workload.mounts(on: "worker-1") == ["empty-dir/memory", "volume-subpaths/disk"])
        for things in ForeignThings.all {
            let placed = try await cluster.on(things.host, things.place)
            #expect(placed.text.contains("placed"), "\(placed.everything)")
        }
        let cuts = TestCluster.teardownKills.map { Int.random(in: $0 / 2...$0) }
        print("kill -9 of the teardown after \(cuts) ms")
        for cut in cuts { _ = try await killed(after: cut) }
        _ = try await cluster.lab("power-off", ["lb-0"])
        let blocked = try await teardown()
        let back = try await cluster.lab("up")
        #expect(back.status == 0, "\(back.everything)")
        print(
            blocked.everything.split(separator: "\n").filter {
                $0.contains("!") || $0.contains("√") || $0.contains("×")
            }.joined(separator: "\n")
        )
        #expect(blocked.status == 3, "\(blocked.everything.suffix(4000))")
        for mount in ["/var/lib/kubelet/pods/x/tmpfs", "/var/lib/kubelet/pods/x/bind"] {
            #expect(blocked.everything.contains(mount), "\(mount)")
        }
        #expect(blocked.text.contains("lb-0: not reached"))
        for things in ForeignThings.all {
            let check = try await cluster.on(things.host, things.check)
            #expect(check.text.contains("whole"), "\(things.host): \(check.everything)")
        }
    }

    @Test(.timeLimit(.minutes(5))) func `without the foreign mounts it is clean, and a second one has nothing to do`()
        async throws
    {
        let removed = try await cluster.on("worker-0", ForeignThings.worker.remove)
        #expect(removed.text.contains("removed"), "\(removed.everything)")
        let rest = try await teardown()
        #expect(rest.status == 0, "\(rest.everything.suffix(4000))")
        let canaries = try await cluster.on("worker-0", "cat /srv/foreign/canary /srv/target/canary")
        #expect(canaries.text == "canary\ncanary\n")
        let user = try await cluster.on("lb-0", ForeignThings.loadBalancer.check)
        #expect(user.text.contains("whole"), "\(user.everything)")
        let second = try await teardown()
        #expect(second.status == 0, "\(second.everything)")
        #expect(!second.text.contains("steps;"), "\(second.text)")
    }

    @Test(.timeLimit(.minutes(5))) func `every host is as it was before the first apply`() async throws {
        _ = try await cluster.on("lb-0", ForeignThings.loadBalancer.remove)
        _ = try await cluster.on("worker-0", "rm -r /srv/foreign /srv/target")
        let hosts = try await cluster.hosts()
        let after = try await HostPicture.takeAll(of: hosts, in: cluster)
        for host in hosts {
            let before = try #require(HostPicture.saved(host, cluster), "no picture was taken before the first apply")
            let differences = after[host]?.differences(from: before) ?? ["no picture"]
            #expect(differences == [], "\(host): \(differences.joined(separator: "\n"))")
        }
    }

    @Test(.timeLimit(.minutes(8))) func `the same hosts can be a cluster again`() async throws {
        let report = try await cluster.apply("the apply after a teardown")
        #expect(report.changes > 100)
        #expect(try await cluster.pending() == [])
    }

    /// `teardown` that is killed, `kill -9`, after so long.
    private func killed(after milliseconds: Int) async throws -> TestCluster.Output {
        let words = [cluster.binary, "teardown", "--confirm", Self.name, cluster.inventory]
        return try await cluster.run(
            ["timeout", "--signal=KILL", "\(milliseconds / 1000).\(milliseconds % 1000 / 100)"] + words,
            seconds: 120
        )
    }
}
