import Foundation
import Templates
import Testing

/// One real cluster, from nothing to its reboot; the tests stand in the order in which they must run.
@Suite(
    .serialized,
    .enabled(if: TestCluster.runs("ClusterTests"), "started by make cluster-test")
)
struct ClusterTests {
    private let cluster: TestCluster

    init() throws { cluster = try #require(TestCluster.current) }

    @Test(.timeLimit(.minutes(20)))
    func `a first apply that is killed again and again converges`() async throws {
        let cuts = TestCluster.kills.map { Int.random(in: $0 / 2...$0) }
        print("kill -9 after \(cuts) ms")
        for cut in cuts { _ = try await cluster.stoppedApply(by: "KILL", after: cut) }
        let interrupted = try await cluster.stoppedApply(by: "INT", after: 8_000)
        #expect(interrupted.status == 130, "\(interrupted.everything.suffix(3000))")
        #expect(interrupted.errors.contains("stopping after the current step"))
        async let applied = cluster.apply("the apply that is not stopped")
        try await Task.sleep(for: .seconds(8))
        let second = try await cluster.provision("apply", ["--yes", "--no-input"])
        #expect(second.status == 5 && second.errors.contains("locked"), "\(second.everything.suffix(2000))")
        _ = try await applied
        #expect(try await cluster.pending() == [])
        for host in try await cluster.hosts() {
            let left = try await cluster.on(
                host,
                "find / /var/lib -xdev -name '*.provision-tmp' 2> /dev/null; ls -d /run/provision/lock*"
            )
            #expect(left.text.isEmpty, "\(host): \(left.text)")
        }
    }

    @Test(.timeLimit(.minutes(5))) func `the cluster does its work`() async throws {
        let smoke = try await cluster.provision("smoke-test")
        #expect(smoke.status == 0, "\(smoke.everything)")
        let status = try await cluster.provision("status")
        #expect(status.status == 0, "\(status.everything)")
    }

    @Test(.timeLimit(.minutes(2)))
    func `a second apply changes nothing in one connection and one round trip per host`() async throws {
        let second = try await cluster.provision("apply", ["--yes", "--no-input"])
        print(second.text)
        #expect(second.status == 0)
        #expect(second.text.contains("0 changes on 8 hosts"), "\(second.everything)")
        #expect(second.text.contains("(8 connections, 8 commands)"), "\(second.everything)")
    }

    @Test(.timeLimit(.minutes(2)))
    func `a lost store is refused, not made anew under a cluster that stands`() async throws {
        let store = cluster.directory + "/.provision"
        try FileManager.default.moveItem(atPath: store, toPath: store + "-away")
        defer { try? FileManager.default.moveItem(atPath: store + "-away", toPath: store) }
        let refused = try await cluster.provision("apply", ["--yes", "--no-input"])
        #expect(refused.status == 8, "\(refused.everything.suffix(2000))")
        #expect(refused.errors.contains("restore the credential store"), "\(refused.everything.suffix(2000))")
        let kubeconfig = try await cluster.provision("kubeconfig")
        #expect(kubeconfig.status == 8 && kubeconfig.text.isEmpty, "\(kubeconfig.everything)")
        #expect(!FileManager.default.fileExists(atPath: store))
    }

    @Test(.timeLimit(.minutes(3))) func `hosts pass every check, and a lock of somebody else is named and kept`()
        async throws
    {
        let check = try await cluster.provision("check")
        #expect(check.status == 0 && check.text.contains(" 0 failed"), "\(check.everything)")
        let run = "20260101T000000Z-other"
        let owner = "\(run) ann elsewhere boot 1 apply 2026-01-01T00:00:00Z"
        let lock = "mkdir -p /run/provision/lock; echo '\(owner)' > /run/provision/lock/owner"
        _ = try await cluster.on("worker-0", "\(lock); chmod 644 /var/lib/kubelet/pki/kubelet.key")
        let held = try await cluster.provision("apply", ["--yes", "--no-input", "--limit", "worker-0"])
        #expect(held.status == 5 && held.errors.contains("ann"), "\(held.everything)")
        let status = try await cluster.provision("lock", ["status"])
        #expect(status.text.contains(run), "\(status.everything)")
        let released = try await cluster.provision("lock", ["release", "--run", run])
        #expect(released.status == 0 && released.text.contains("worker-0: released"), "\(released.everything)")
        let other = try await cluster.provision("apply", ["--yes", "--no-input", "--limit", "worker-1"])
        #expect(other.text.contains("0 changes on 1 host "), "\(other.everything)")
        let mended = try await cluster.provision("apply", ["--yes", "--no-input", "--limit", "worker-0"])
        #expect(mended.text.contains("1 change on 1 host "), "\(mended.everything)")
        let audited = try await cluster.on("controller-0", "grep -c '\"verb\"' /var/log/kubernetes/audit.log")
        #expect(!["", "0\n"].contains(audited.text), "\(audited.everything)")
    }

    @Test(.timeLimit(.minutes(5))) func `a host that dies in mid-run is named, and the next run heals it`() async throws
    {
        _ = try await cluster.on("worker-2", "rm /usr/local/bin/kubelet")
        async let running = cluster.provision("apply", ["--yes", "--no-input"], seconds: 200)
        let isLocked = try await cluster.eventually(seconds: 30) {
            try await cluster.on("worker-2", "ls -d /run/provision/lock").status == 0
        }
        #expect(isLocked)
        _ = try await cluster.lab("power-off", ["worker-2"])
        let cut = try await running
        print("a host that died: exit \(cut.status)")
        #expect(
            [1, 3, 7].contains(cut.status) && cut.everything.contains("worker-2"),
            "\(cut.everything.suffix(3000))"
        )
        let up = try await cluster.lab("up")
        #expect(up.status == 0, "\(up.everything)")
        try await cluster.apply("the repair")
        let pending = try await cluster.pending()
        #expect(pending == [], "\(pending)")
    }

    @Test(.timeLimit(.minutes(2))) func `people reach the API with kubectl and with a PKCS 12 file`() async throws {
        let nodes = try await cluster.on("client-0", "kubectl get nodes")
        #expect(nodes.text.split(separator: "\n").count { $0.contains(" Ready ") } == 3, "\(nodes.everything)")
        let server = try await cluster.on("client-0", "kubectl config view -o 'jsonpath={.clusters[0].cluster.server}'")
        #expect(server.text == "https://192.168.3.8:6443")
        let password = try cluster.secretFile("password", "a secret")
        let file = cluster.directory + "/admin.p12"
        let made = try await cluster.provision("kubeconfig", ["--pkcs12", file, "--password-file", password])
        #expect(made.status == 0, "\(made.everything)")
        let authority = cluster.directory + "/.provision/lab-debian/pki/kubernetes-ca/ca.crt"
        let words = ["curl", "-fsS", "--cert-type", "P12", "--cert", "\(file):a secret", "--cacert", authority]
        let version = try await cluster.run(words + ["https://192.168.3.8:6443/version"], seconds: 20)
        #expect(version.text.contains("v1.20.2"), "\(version.everything)")
    }

    @Test(.timeLimit(.minutes(8))) func `drift is named exactly and repaired exactly`() async throws {
        for drift in Drift.all { _ = try await cluster.on(drift.host, drift.command) }
        let pending = try await cluster.pending()
        #expect(
            pending == Set(Drift.all.flatMap(\.pending)),
            "\(pending.symmetricDifference(Drift.all.flatMap(\.pending)))"
        )
        let report = try await cluster.apply("the repair")
        #expect(report.restarts == Set(Drift.all.flatMap(\.restarts)))
        #expect(try await cluster.pending() == [])
    }

    @Test(.timeLimit(.minutes(4)))
    func `a node that was deleted and came back gets its pod network again`() async throws {
        let kubectl = "kubectl --kubeconfig /etc/kubernetes/admin.conf"
        let cidr = "\(kubectl) get node worker-2 -o 'jsonpath={.spec.podCIDR}'"
        _ = try await cluster.on("controller-0", "\(kubectl) delete node worker-2")
        _ = try await cluster.on("worker-2", "systemctl restart kubelet")
        let isBack = try await cluster.eventually(seconds: 60) {
            let node = try await cluster.on("controller-0", cidr)
            return node.status == 0 && node.text.isEmpty
        }
        #expect(isBack)
        let pending = try await cluster.pending()
        #expect(pending.contains("controller-0 manifest:nodes.yaml"), "\(pending)")
        try await cluster.apply("the repair")
        #expect(try await cluster.on("controller-0", cidr).text == "10.200.2.0/24")
        // Pods of a Node that is gone are collected when it pleases the cluster; DNS lacks a replica meanwhile.
        #expect(try await cluster.eventually(seconds: 90) { try await cluster.pending() == [] })
    }

    @Test(.timeLimit(.minutes(8))) func `a change in the inventory rolls without a failed call`() async throws {
        let original = try String(contentsOfFile: cluster.inventory, encoding: .utf8)
        let changed = InventoryChange.apply(to: original)
        for (name, text) in InventoryChange.files {
            try text.write(toFile: "\(cluster.directory)/\(name)", atomically: true, encoding: .utf8)
        }
        try changed.write(toFile: cluster.inventory, atomically: true, encoding: .utf8)
        let (report, calls) = try await ProbeLoop(cluster: cluster).during { try await cluster.apply("the change") }
        print("\(calls.succeeded) calls succeeded, \(calls.failures.count) failed while the API servers rolled")
        #expect(calls.failures == [])
        #expect(report.restarts == InventoryChange.restarts)
        #expect(try await cluster.pending() == [])
        let label = try await cluster.on("client-0", "kubectl get nodes -l disk=fast -o name")
        #expect(label.text == "node/worker-1\n")
        let smoke = try await cluster.provision("smoke-test")
        #expect(smoke.status == 0 && smoke.text.contains("service.loadbalancer"), "\(smoke.everything)")
    }

    @Test(.timeLimit(.minutes(2))) func `a static token is known, and may do what the ABAC rules say`() async throws {
        func asks(_ path: String) async throws -> String {
            let authority = cluster.directory + "/.provision/lab-debian/pki/kubernetes-ca/ca.crt"
            let curl = ["curl", "-sS", "-m", "10", "-o", "/dev/null", "-w", "%{http_code}", "--cacert", authority]
            let words = curl + ["-H", "Authorization: Bearer walker-token", "https://192.168.3.8:6443\(path)"]
            return try await cluster.run(words, seconds: 20).text
        }
        #expect(try await asks("/api/v1/nodes") == "200")
        #expect(try await asks("/api/v1/secrets") == "403")
    }

    @Test(.timeLimit(.minutes(2))) func `the API accepts the CoreDNS that other networks get`() async throws {
        let manifest = CoreDNSManifest(
            version: KubernetesVersion(1, 20, 2),
            image: "registry.k8s.io/coredns/coredns:v1.8.0",
            clusterDNS: try #require(IPv4Address("10.32.0.10")),
            clusterDomain: "cluster.local"
        )
        let text = Data(manifest.rendered().content).base64EncodedString()
        let tried = try await cluster.on(
            "client-0",
            "echo \(text) | base64 -d | kubectl apply --dry-run=server -f -"
        )
        #expect(tried.text.contains("deployment.apps/coredns created (server dry run)"), "\(tried.everything)")
        #expect(tried.text.contains("poddisruptionbudget.policy/coredns created"), "\(tried.everything)")
        #expect(tried.status == 0, "\(tried.everything)")
    }

    @Test(.timeLimit(.minutes(3))) func `a request is followed from the load balancer to the container`() async throws {
        let kept = try await cluster.provision("smoke-test", ["--keep"])
        #expect(kept.status == 0, "\(kept.everything)")
        let trace = try await cluster.provision("trace", ["provision-smoke/nginx"])
        print(trace.text)
        #expect(trace.status == 0, "\(trace.everything)")
        for hop in [
            "haproxy frontend service-nginx", "KUBE-NODEPORTS -> KUBE-SVC-", "(50 %) -> DNAT 10.200.", "(nginx)",
        ] {
            #expect(trace.text.contains(hop), "\(hop)")
        }
    }

    @Test(.timeLimit(.minutes(8))) func `dead controllers are survived, or reported in words`() async throws {
        let (_, calls) = try await ProbeLoop(cluster: cluster).during {
            _ = try await cluster.lab("power-off", ["controller-1"])
            try await Task.sleep(for: .seconds(20))
        }
        print(
            "\(calls.succeeded) calls succeeded, \(calls.failures.count) failed while one controller died: \(calls.failures)"
        )
        #expect(calls.succeeded > 10)
        // Connections that the dead controller held may end in a time-out; after the health check nothing may.
        #expect(calls.failures.count <= 3)
        let smoke = try await cluster.provision("smoke-test")
        #expect(smoke.status == 0, "\(smoke.everything)")
        _ = try await cluster.lab("power-off", ["controller-2"])
        let status = try await cluster.provision("status")
        #expect(status.status != 0)
        #expect(status.text.contains("NO QUORUM: 1 of 3 members run, 2 needed"), "\(status.everything)")
        let back = try await cluster.lab("up")
        #expect(back.status == 0, "\(back.everything)")
        #expect(try await cluster.eventually(seconds: 120) { try await cluster.provision("status").status == 0 })
    }

    @Test(.timeLimit(.minutes(8))) func `everything comes back by itself after a reboot of all`() async throws {
        let reboot = try await cluster.lab("reboot")
        #expect(reboot.status == 0, "\(reboot.everything)")
        let isBack = try await cluster.eventually(seconds: 240) { try await cluster.provision("status").status == 0 }
        let status = try await cluster.provision("status")
        #expect(isBack, "\(status.everything)")
        #expect(try await cluster.pending() == [])
        let smoke = try await cluster.provision("smoke-test")
        #expect(smoke.status == 0, "\(smoke.everything)")
    }
}
