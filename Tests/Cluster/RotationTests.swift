import Foundation
import Testing

/// Rotations on the cluster that ClusterTests leaves standing, under clients that work without pause.
@Suite(.serialized, .enabled(if: TestCluster.runs("RotationTests"), "started by make cluster-test"))
struct RotationTests {
    private let cluster: TestCluster

    init() throws { cluster = try #require(TestCluster.current) }

    /// Tests before these have made kubeconfigs, which nobody uses any more.
    private static let consents = ["--no-soak", "a test", "--accept-lost-access", "a test"]

    private func rotate(_ words: [String], seconds: Int = 900) async throws -> TestCluster.Output {
        try await cluster.provision("certs", ["rotate"] + words + Self.consents, seconds: seconds)
    }

    /// Two pods that followed a first one, in the order of their names.
    @Test func `a client's gap is counted over all who wrote for it`() {
        let log = ClientLog("token", "ok 1.0\nok 2.0\nok 163.0\nok 164.5\nfailed 3.0 why\nok 3.5\nok 83.0\nok 162.0")
        #expect(log.longestGap == 79.5 && log.succeeded == 7 && log.failures == ["3.0 why"])
    }

    @Test(.timeLimit(.minutes(2))) func `every certificate is well in the store, on disk and in its handshake`()
        async throws
    {
        let check = try await cluster.provision("certs", ["check", "--within", "7d"])
        #expect(check.status == 0, "\(check.everything)")
    }

    @Test(.timeLimit(.minutes(5))) func `what is wrong with a certificate is named, and apply mends it`() async throws {
        let pki = "/etc/kubernetes/pki"
        _ = try await cluster.on("worker-0", "chmod 644 /var/lib/kubelet/pki/kubelet.key")
        _ = try await cluster.on("controller-0", "cp \(pki)/scheduler.crt \(pki)/controller-manager.crt")
        _ = try await cluster.on(
            "worker-0",
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=mine -keyout \(pki)/kube-proxy.key -out \(pki)/kube-proxy.crt 2> /dev/null"
        )
        let check = try await cluster.provision("certs", ["check", "--within", "7d"])
        #expect(check.status == 2)
        for name in ["wrong-mode", "swapped", "replaced-by-hand"] {
            #expect(check.text.contains("[\(name)]"), "\(check.everything)")
        }
        let refused = try await rotate(["ca", "--apply"])
        #expect(refused.status == 8 && refused.errors.contains("is not as the plan wants it"), "\(refused.everything)")
        try await cluster.apply("the repair")
        #expect(try await cluster.provision("certs", ["check", "--within", "7d"]).status == 0)
    }

    @Test(.timeLimit(.minutes(5)))
    func `leaves of one host are renewed under a client, and a process with the old one is named`() async throws {
        let pair = "/etc/kubernetes/pki/scheduler-serving"
        let old = "/run/old-scheduler"
        _ = try await cluster.on("controller-1", "cp -a \(pair).crt \(old).crt; cp -a \(pair).key \(old).key")
        let (renewed, calls) = try await ProbeLoop(cluster: cluster).during {
            try await cluster.provision("certs", ["renew", "--yes", "--host", "controller-1"])
        }
        #expect(renewed.status == 0, "\(renewed.everything)")
        // A member of etcd that stops may cancel a call that its API server has in hand.
        #expect(calls.failures.filter { !$0.contains("error: 500") } == [] && calls.failures.count <= 1)
        let swap = """
            for e in crt key; do mv \(pair).$e \(old)-new.$e; mv \(old).$e \(pair).$e; done
            systemctl restart kube-scheduler; sleep 3
            for e in crt key; do mv \(old)-new.$e \(pair).$e; done
            """
        _ = try await cluster.on("controller-1", swap)
        let served = try await cluster.provision("certs", ["check", "--within", "7d"])
        #expect(served.status == 2 && served.text.contains("scheduler-serving@controller-1"), "\(served.everything)")
        #expect(served.text.contains("[serves-old]"), "\(served.everything)")
        _ = try await cluster.on("controller-1", "systemctl restart kube-scheduler")
    }

    /// A program that cannot live with its new leaf, here because it starts with the old one alone.
    @Test(.timeLimit(.minutes(5))) func `a renewal that does not come into use is put back`() async throws {
        let drop = "/run/systemd/system/kubelet.service.d"
        let refuse = """
            mkdir -p \(drop); sha256sum /var/lib/kubelet/pki/kubelet.crt > /run/old.sum
            printf '[Service]\\nExecStartPre=/usr/bin/sha256sum -c --quiet /run/old.sum\\n' > \(drop)/old.conf
            systemctl daemon-reload
            """
        _ = try await cluster.on("worker-1", refuse)
        let names = ["kubelet-serving@worker-1", "kubelet-serving@worker-2"]
        let words = ["renew", "--yes"] + names.flatMap { ["--certificate", $0] }
        let renewed = try await cluster.provision("certs", words)
        #expect(renewed.status != 0 && renewed.errors.contains("put back: \(names[0])"), "\(renewed.everything)")
        // A node whose kubelet was down for a while may be called NotReady once more.
        #expect(try await cluster.eventually(seconds: 90) { try await cluster.pending() == [] })
        _ = try await cluster.on("worker-1", "rm -r \(drop) /run/old.sum; systemctl daemon-reload")
        #expect(try await cluster.provision("certs", ["check", "--within", "7d"]).status == 0)
        let again = try await cluster.provision("certs", ["renew", "--yes", "--certificate", names[0]])
        #expect(again.status == 0, "\(again.everything)")
    }

    /// What a power cut between the two renames of a pair leaves: a new key under the old certificate.
    @Test(.timeLimit(.minutes(5)))
    func `a pair that a power cut left half written harms nobody, and the next run heals it`()
        async throws
    {
        let etcd = "/etc/kubernetes/pki/etcd"
        let half = """
            w=\(etcd)/.peer.provision-tmp; mkdir -m 700 $w; cp -a \(etcd)/peer.crt $w/peer.crt
            openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out $w/peer.key 2> /dev/null
            chown etcd:etcd $w/peer.key; mv $w/peer.key \(etcd)/peer.key; sync; systemctl kill -s KILL etcd
            """
        let (_, calls) = try await ProbeLoop(cluster: cluster).during {
            _ = try await cluster.on("controller-2", half)
            try await Task.sleep(for: .seconds(5))
            let check = try await cluster.provision("certs", ["check", "--within", "7d"])
            #expect(check.status == 2 && check.text.contains("[not-a-pair]"), "\(check.everything)")
            try await cluster.apply("the repair")
        }
        // The killed member's own API server may lose calls that it had in hand.
        print("half-written pair: \(calls.succeeded) calls succeeded, failed: \(calls.failures)")
        #expect(calls.failures.count <= 3)
        #expect(try await cluster.pending() == [])
        let left = try await cluster.on("controller-2", "ls -d \(etcd)/.*provision-tmp 2> /dev/null")
        #expect(left.text.isEmpty)
    }

    @Test(.timeLimit(.minutes(40)))
    func `every root is replaced under working clients, although the tool is killed on the way`() async throws {
        let (rotated, clients) = try await ClientLoops(cluster: cluster).during {
            let hand = try await tokenMadeByHand()
            for _ in 0..<2 { try await killedRotation() }
            // Both kills may have come before there was anything to go on with.
            let rotated = try await rotate([try await isUnderWay() ? "--resume" : "all"] + Self.words, seconds: 1800)
            #expect(try await !["", hand].contains(tokenMadeByHand()))
            return rotated
        }
        clients.lines.forEach { print("all: \($0)") }
        #expect(rotated.status == 0, "\(rotated.everything.suffix(6000))")
        for proof in ["handshake matrix", "mounted in every running pod", "trusts the old authority alone"] {
            #expect(rotated.errors.contains(proof), "\(proof)")
        }
        expectUnharmed(clients)
        #expect(try await cluster.pending() == [])
        #expect(try await rotationMark(on: "worker-0").isEmpty)
        let smoke = try await cluster.provision("smoke-test")
        #expect(smoke.status == 0, "\(smoke.everything)")
    }

    private func rotationMark(on host: String) async throws -> String {
        try await cluster.on(host, "cat /etc/provision/rotation 2> /dev/null").text
    }

    /// What a member of etcd that stops or loses its office cancels; an API server of this version does not ask again.
    private static func isOfEtcd(_ failure: String) -> Bool {
        failure.contains("etcdserver: ") || failure.contains("rpc error: ")
    }

    private func expectUnharmed(_ clients: ClientLoops.Report) {
        #expect(clients.writes.unexplained(by: clients.etcdRestarts) == [] && clients.writes.succeeded > 100)
        #expect(clients.writes.failures.count <= 2)
        #expect(clients.watch.missed == [] && clients.watch.failures.count <= 2)
        let exec = clients.exec.unexplained(by: clients.kubeletRestarts)
        #expect(exec.filter { !Self.isOfEtcd($0) } == [] && exec.count <= 2 && clients.exec.succeeded > 20)
        #expect(clients.token.failures.filter { !Self.isOfEtcd($0) } == [])
        #expect(clients.token.failures.count <= 2 && clients.token.succeeded > 50)
    }

    /// A Secret that a pod names must outlive the key that signed its token.
    private func tokenMadeByHand() async throws -> String {
        let read = "kubectl -n clients get secret made-by-hand -o 'jsonpath={.data.token}'"
        return try await cluster.on("client-0", read).text
    }

    private static let words = ["--apply", "--restart-pods"]

    private func isUnderWay() async throws -> Bool {
        try await cluster.provision("status").text.contains("stands at")
    }

    private func killedRotation() async throws {
        let words = [try await isUnderWay() ? "--resume" : "all"] + Self.words + Self.consents
        let stop = ["timeout", "--signal=KILL", String(Int.random(in: 30...80)), cluster.binary, "certs", "rotate"]
        _ = try await cluster.run(stop + words + [cluster.inventory], seconds: 120)
    }

    /// One root after another, on request: each rolls the control plane two or three times.
    @Test(
        .timeLimit(.minutes(20)),
        arguments: ProcessInfo.processInfo.environment["PROVISION_ROTATIONS"]?.split(separator: " ").map(String.init)
            ?? []
    )
    func `a root is replaced without a failed call`(_ target: String) async throws {
        let start = ContinuousClock.now
        let (rotated, clients) = try await ClientLoops(cluster: cluster).during {
            try await rotate([target, "--apply", "--restart-pods"])
        }
        print("\(target): \(ContinuousClock.now - start)")
        (clients.lines
            + rotated.errors.split(separator: "\n").filter { $0.contains(" changes; ") || $0.contains("matrix") }.map(
                String.init
            ))
            .forEach { print("\(target): \($0)") }
        #expect(rotated.status == 0, "\(rotated.everything.suffix(6000))")
        expectUnharmed(clients)
        #expect(try await cluster.pending() == [])
    }

    /// The authority's key is lost: nothing can be issued by the old generation, and the way back has what it issued.
    @Test(.timeLimit(.minutes(15)))
    func `a rotation away from a lost key is taken back before distrust`() async throws {
        let key = cluster.store + "/pki/front-proxy-ca/ca.key"
        try FileManager.default.moveItem(atPath: key, toPath: key + "-away")
        let lost = try await cluster.provision("plan")
        #expect(lost.status != 0 && lost.errors.contains("certs rotate"), "\(lost.everything)")
        let stopped = try await rotate(["front-proxy-ca", "--apply", "--until", "new-leaves"])
        #expect(stopped.status == 0, "\(stopped.everything.suffix(4000))")
        #expect(try await rotationMark(on: "worker-0").contains(" new-leaves front-proxy-ca "))
        let second = try await rotate(["etcd-ca", "--apply"])
        #expect(second.status == 8, "\(second.everything)")
        #expect(try await cluster.pending() == [])
        try await soakUnderLocks()
        let back = try await rotate(["--rollback", "--apply"])
        #expect(back.status == 0, "\(back.everything.suffix(4000))")
        #expect(try await rotationMark(on: "worker-0").isEmpty)
        try FileManager.default.moveItem(atPath: key + "-away", toPath: key)
        #expect(try await cluster.pending() == [])
        #expect(try await cluster.provision("certs", ["check", "--within", "7d"]).status == 0)
    }

    /// Gates and soak change no host, and nobody else may meanwhile.
    private func soakUnderLocks() async throws {
        let (log, process) = (cluster.directory + "/soak-log", cluster.directory + "/soak-process")
        let words = "certs rotate --resume --apply --soak 1h \(cluster.inventory)"
        let script = "echo $$ > \(process); exec \(cluster.binary) \(words) > \(log) 2>&1"
        async let soaking = cluster.run(["sh", "-c", script], seconds: 400)
        let isSoaking = try await cluster.eventually(seconds: 300) {
            (try? String(contentsOfFile: log, encoding: .utf8))?.contains("soaking, ") ?? false
        }
        #expect(isSoaking)
        let held = try await cluster.provision("lock", ["status"])
        #expect(held.text.split(separator: "\n").allSatisfy { $0.contains(", certs-rotate, ") }, "\(held.everything)")
        let other = try await cluster.provision("etcd", ["defrag"])
        #expect(other.status == 5 && other.errors.contains(", certs-rotate, "), "\(other.everything)")
        _ = try await cluster.run(["sh", "-c", "kill -INT $(cat \(process))"], seconds: 5)
        #expect(try await soaking.status == 130)
        let free = try await cluster.provision("lock", ["status"])
        #expect(free.text.split(separator: "\n").allSatisfy { $0.hasSuffix("free") }, "\(free.everything)")
    }

    @Test(.timeLimit(.minutes(10))) func `a cluster whose certificates have all ended comes back without an API`()
        async throws
    {
        _ = try await cluster.provision("certs", ["age-lab"])
        _ = try await cluster.lab("reboot")
        #expect(try await cluster.provision("status").status != 0)
        let renewed = try await cluster.provision("certs", ["renew", "--offline", "--yes"])
        #expect(renewed.status == 0, "\(renewed.everything.suffix(6000))")
        #expect(try await cluster.pending() == [])
        #expect(try await cluster.eventually(seconds: 60) { try await cluster.provision("status").status == 0 })
    }

    @Test(.timeLimit(.minutes(10))) func `a cluster whose authorities have ended comes back without an API`()
        async throws
    {
        let living = try await cluster.provision("certs", ["rotate", "--offline", "--apply"])
        #expect(living.status == 8 && living.errors.contains("no authority has ended"), "\(living.everything)")
        _ = try await cluster.provision("certs", ["age-lab", "--authorities"])
        _ = try await cluster.lab("reboot")
        #expect(try await cluster.provision("certs", ["check"]).status == 2)
        let rotated = try await cluster.provision("certs", ["rotate", "--offline", "--apply"])
        #expect(rotated.status == 0, "\(rotated.everything.suffix(6000))")
        #expect(try await cluster.pending() == [])
        #expect(try await cluster.eventually(seconds: 60) { try await cluster.provision("status").status == 0 })
        let check = try await cluster.provision("certs", ["check", "--within", "7d"])
        #expect(check.status == 0, "\(check.everything)")
    }
}
