import ProvisionCore
import ProvisionEngine
import Synchronization
import Testing

@testable import provision

@Suite struct PodRestartTests {
    /// What was restarted and said, in order.
    private final class Log: Sendable {
        private let lines = Mutex<[String]>([])
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }

    private static func line(_ place: String, _ mark: String, strategy: String = "", updated: Int) -> String {
        "rollout|DaemonSet|\(place)|\(mark)||\(strategy)||2|2|3|\(updated)|3|"
    }

    /// A cluster that answers each kind of script; what is marked is written down.
    private func restart(_ log: Log, _ answer: @escaping @Sendable (String) -> [String]) -> PodRestart {
        let host = ScriptedHost(name: "controller-0") { script in
            guard !script.contains(" patch ") else {
                log.add(script.contains("metadata.name=web") ? "marks web" : "marks")
                return "rotation-status 0\n"
            }
            return (answer(script) + ["rotation-status 0"]).joined(separator: "\n") + "\n"
        }
        return PodRestart(
            open: { HostSession(host: "controller-0", transport: host) },
            mark: "ca-1",
            remedy: "mend it",
            tell: { log.add($0) },
            goesOn: {}
        )
    }

    @Test func `what only a person restarts is given back, and whose mark went is named`() async throws {
        let log = Log()
        let left = try await restart(log) { script in
            script.contains("k8s-app!=kube-dns")
                ? [
                    Self.line("kube-system|cni", "ca-1", strategy: "OnDelete", updated: 1),
                    Self.line("kube-system|owned", "", updated: 3),
                ] : [Self.line("kube-system|dns", "ca-1", updated: 3)]
        }.system()
        #expect(left.map(\.name) == ["cni"])
        #expect(log.all.prefix(2) == ["marks", "marks"] && log.all.count == 3)
        #expect(log.all.last?.contains("DaemonSet kube-system/owned: its owner took") == true)
    }

    @Test func `pods are waited for until all are replaced`() async throws {
        let log = Log()
        let left = try await restart(log) { script in
            guard script.contains("k8s-app!=kube-dns") else { return [] }
            log.add("look")
            return [Self.line("kube-system|cni", "ca-1", updated: log.all.count { $0 == "look" } + 1)]
        }.system()
        #expect(left.isEmpty && log.all == ["marks", "marks", "look", "look"])
    }

    @Test func `of other namespaces only what is not done is restarted, one by one`() async throws {
        let log = Log()
        try await restart(log) { script in
            script.contains("metadata.name=web")
                ? [Self.line("shop|web", "ca-1", updated: 3)]
                : [
                    Self.line("kube-system|dns", "", updated: 3), Self.line("shop|db", "ca-1", updated: 3),
                    Self.line("shop|web", "ca-0", updated: 3),
                ]
        }.others()
        #expect(log.all == ["marks web", "restarted shop/web"])
    }
}
