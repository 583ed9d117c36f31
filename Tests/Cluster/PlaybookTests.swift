import Foundation
import Testing

/// Shipped playbooks on the cluster that the suites before leave standing; what they change, the teardown takes back.
@Suite(.serialized, .enabled(if: TestCluster.runs("PlaybookTests"), "started by make cluster-test"))
struct PlaybookTests {
    private let cluster: TestCluster
    private let folder: String

    init() throws {
        cluster = try #require(TestCluster.current)
        folder =
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("playbooks").path
    }

    private func run(_ playbook: String, _ words: [String], seconds: Int = 400) async throws -> TestCluster.Output {
        try await cluster.run(
            [cluster.binary, "run", playbook, cluster.inventory, "--no-input"] + words,
            seconds: seconds
        )
    }

    @Test(.timeLimit(.minutes(1))) func `a key that nobody knows is refused with its position`() async throws {
        let path = cluster.directory + "/wrong.yaml"
        let text = """
            apiVersion: provision/v1
            name: wrong
            description: A slip.
            hosts: workers
            steps:
              - comand:
                  title: a
            """
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let refused = try await run(path, [])
        #expect(refused.status == 78)
        #expect(refused.errors.contains("wrong.yaml:6:5: error: unknown key `comand`"), "\(refused.everything)")
        #expect(refused.errors.contains("did you mean `command`?") && refused.errors.contains("[playbook.unknown-key]"))
    }

    @Test(.timeLimit(.minutes(8))) func `a worker is drained, rebooted and given back under a client's loop`()
        async throws
    {
        let playbook = folder + "/rolling-reboot.yaml"
        let boot = "cat /proc/sys/kernel/random/boot_id"
        let before = try await cluster.on("worker-1", boot).text
        let plan = try await run(playbook, ["--plan", "--limit", "worker-1"])
        #expect(plan.status == 0 && plan.text.contains("reboot worker-1"), "\(plan.everything)")
        let (rebooted, calls) = try await ProbeLoop(cluster: cluster).during {
            try await run(playbook, ["--limit", "worker-1"])
        }
        print("\(calls.succeeded) calls succeeded, \(calls.failures.count) failed while worker-1 was away")
        print(rebooted.text)
        #expect(rebooted.status == 0, "\(rebooted.everything.suffix(4000))")
        #expect(calls.failures == [])
        #expect(try await cluster.on("worker-1", boot).text != before)
        let nodes = try await cluster.on("client-0", "kubectl get nodes")
        #expect(nodes.text.split(separator: "\n").count { $0.contains(" Ready ") } == 3, "\(nodes.everything)")
        #expect(!nodes.text.contains("SchedulingDisabled"))
        #expect(try await cluster.pending() == [])
    }

    @Test(.timeLimit(.minutes(4))) func `a hardened node stays so, and the way in stays open`() async throws {
        let playbook = folder + "/node-hardening.yaml"
        let first = try await run(playbook, ["--limit", "worker-2"])
        #expect(first.status == 0, "\(first.everything.suffix(4000))")
        #expect(!first.text.contains(" 0 changes"))
        let second = try await run(playbook, ["--limit", "worker-2"])
        #expect(second.status == 0 && second.text.hasPrefix("0 changes on 1 host "), "\(second.everything)")
        #expect(try await cluster.on("worker-2", "true").status == 0)
        #expect(try await cluster.pending() == [])
    }

    @Test(.timeLimit(.minutes(4))) func `a support bundle holds what is asked for, and no secret`() async throws {
        let admin = "kubectl --kubeconfig /etc/kubernetes/admin.conf"
        let word = "bundle-\(UUID().uuidString)"
        _ = try await cluster.on(
            "controller-0",
            "\(admin) create secret generic bundle --from-literal=password=\(word)"
        )
        let archive = cluster.directory + "/bundle.tar"
        let bundle = try await run(folder + "/support-bundle.yaml", ["--archive", archive])
        _ = try await cluster.on("controller-0", "\(admin) delete secret bundle")
        #expect(bundle.status == 0, "\(bundle.everything.suffix(4000))")
        let names = try await cluster.run(["tar", "-tf", archive], seconds: 30).text
        for name in [
            "controller-0/journal/kube-apiserver.service.log", "worker-0/files/var/lib/kubelet/config.yaml",
            "lb-0/files/etc/haproxy/haproxy.cfg", "client-0/commands/system.txt", "CONTENTS.txt",
        ] { #expect(names.contains(name), "\(name)") }
        let text = try await cluster.run(["tar", "-xOf", archive], seconds: 30).text
        #expect(text.utf8.count > 100_000)
        #expect(!text.contains(word) && !text.contains(Data(word.utf8).base64EncodedString()))
        #expect(!text.contains("PRIVATE KEY-----"))
        #expect(try secrets().filter { text.contains($0) }.isEmpty)
        #expect(try FileManager.default.attributesOfItem(atPath: archive)[.posixPermissions] as? Int == 0o600)
    }

    /// Every line of every key in the credential store but its last, which ends with the public half.
    private func secrets() throws -> [String] {
        let store = cluster.directory + "/.provision/lab-debian"
        let names = FileManager.default.enumerator(atPath: store)?.compactMap { $0 as? String } ?? []
        let found = names.filter { $0.hasSuffix(".key") }.flatMap { name in
            let text = (try? String(contentsOfFile: "\(store)/\(name)", encoding: .utf8)) ?? ""
            let lines = text.split(separator: "\n").map(String.init).filter { $0.count >= 16 && !$0.hasPrefix("-----") }
            return lines.count > 1 ? lines.dropLast() : lines
        }
        try #require(found.count > 20)
        return found
    }
}
