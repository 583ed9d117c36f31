import Foundation
import Testing

/// Rotations on the cluster that ClusterTests leaves standing, under a client that asks without pause.
@Suite(.serialized, .enabled(if: TestCluster.runs("RotationTests"), "started by make cluster-test"))
struct RotationTests {
    private let cluster: TestCluster

    init() throws { cluster = try #require(TestCluster.current) }

    private func rotate(_ words: [String], seconds: Int = 900) async throws -> TestCluster.Output {
        try await cluster.provision("certs", ["rotate"] + words + ["--no-soak", "a test"], seconds: seconds)
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
        let check = try await cluster.provision("certs", ["check", "--within", "7d"])
        #expect(check.status == 2)
        for name in ["wrong-mode", "swapped"] { #expect(check.text.contains("[\(name)]"), "\(check.everything)") }
        let refused = try await rotate(["ca", "--apply"])
        #expect(refused.status == 8 && refused.errors.contains("is not as the plan wants it"), "\(refused.everything)")
        try await cluster.apply("the repair")
        #expect(try await cluster.provision("certs", ["check", "--within", "7d"]).status == 0)
    }

    @Test(.timeLimit(.minutes(5))) func `leaves of one host are renewed without a failed call`() async throws {
        let (renewed, calls) = try await ProbeLoop(cluster: cluster).during {
            try await cluster.provision("certs", ["renew", "--yes", "--host", "controller-1"])
        }
        #expect(renewed.status == 0, "\(renewed.everything)")
        #expect(calls.failures == [])
    }

    @Test(.timeLimit(.minutes(40)))
    func `every root is replaced without a failed call, although the tool is killed on the way`() async throws {
        let (rotated, calls) = try await ProbeLoop(cluster: cluster).during {
            for _ in 0..<2 { try await killedRotation() }
            return try await rotate(["--resume", "--apply"], seconds: 1800)
        }
        print("all: \(calls.succeeded) calls succeeded, \(calls.failures.count) failed: \(calls.failures)")
        #expect(rotated.status == 0, "\(rotated.everything.suffix(6000))")
        #expect(rotated.errors.contains("handshake matrix"))
        #expect(calls.failures == [])
        #expect(try await cluster.pending() == [])
        let smoke = try await cluster.provision("smoke-test")
        #expect(smoke.status == 0, "\(smoke.everything)")
    }

    private func killedRotation() async throws {
        let isUnderWay = try await cluster.provision("status").text.contains("stands at")
        let words = [isUnderWay ? "--resume" : "all", "--apply", "--no-soak", "a test", cluster.inventory]
        let stop = ["timeout", "--signal=KILL", String(Int.random(in: 20...70))]
        _ = try await cluster.run(stop + [cluster.binary, "certs", "rotate"] + words, seconds: 120)
    }

    /// One root after another, on request: each rolls the control plane two or three times.
    @Test(
        .timeLimit(.minutes(20)),
        arguments: ProcessInfo.processInfo.environment["PROVISION_ROTATIONS"]?.split(separator: " ").map(String.init)
            ?? []
    )
    func `a root is replaced without a failed call`(_ target: String) async throws {
        let (rotated, calls) = try await ProbeLoop(cluster: cluster).during { try await rotate([target, "--apply"]) }
        print("\(target): \(calls.succeeded) calls succeeded, \(calls.failures.count) failed: \(calls.failures)")
        #expect(rotated.status == 0, "\(rotated.everything.suffix(6000))")
        #expect(calls.failures == [])
        #expect(try await cluster.pending() == [])
    }

    @Test(.timeLimit(.minutes(15))) func `a rotation is taken back before distrust`() async throws {
        let stopped = try await rotate(["front-proxy-ca", "--apply", "--until", "trust-both"])
        #expect(stopped.status == 0, "\(stopped.everything.suffix(4000))")
        let second = try await rotate(["etcd-ca", "--apply"])
        #expect(second.status == 8, "\(second.everything)")
        #expect(try await cluster.pending() == [])
        let back = try await rotate(["--rollback", "--apply"])
        #expect(back.status == 0, "\(back.everything.suffix(4000))")
        #expect(try await cluster.pending() == [])
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
}
