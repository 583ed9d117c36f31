import Foundation
import Subprocess
import SystemPackage
import Testing

/// The cluster under test: a lab that stands, an inventory, and the program as a user calls it.
struct TestCluster: Sendable {
    struct Output: Sendable {
        var status: Int32
        /// Standard output.
        var text: String
        /// Standard error.
        var errors: String

        var everything: String { text + errors }
    }

    let binary: String
    let inventory: String

    /// `nil` where no lab was prepared: `.ci/cluster-test` sets both variables.
    static let current: TestCluster? = {
        let environment = ProcessInfo.processInfo.environment
        guard let binary = environment["PROVISION_BINARY"], let inventory = environment["PROVISION_CLUSTER_INVENTORY"]
        else { return nil }
        return TestCluster(binary: binary, inventory: inventory)
    }()

    /// Suites run side by side, and these must not: `.ci/cluster-test` starts them one after another.
    static func runs(_ suite: String) -> Bool {
        current != nil && ProcessInfo.processInfo.environment["PROVISION_CLUSTER_SUITE"]?.hasSuffix(suite) == true
    }

    /// Where test files may lie; goes with the lab.
    var directory: String { (inventory as NSString).deletingLastPathComponent }

    /// `https://ADDRESS:PORT` of the first load balancer.
    var server: String { "https://\(value(of: "address", after: "loadBalancers:")):6443" }

    /// The credential store.
    var store: String { directory + "/" + value(of: "directory", after: "pki:") }

    /// The first value of a key in the inventory after a line; the lab's inventories are plain enough for that.
    private func value(of key: String, after start: String) -> String {
        let text = (try? String(contentsOfFile: inventory, encoding: .utf8)) ?? ""
        let lines = text.split(separator: "\n").drop { !$0.contains(start) }
        return lines.first { $0.contains("\(key): ") }?.split(separator: " ").last.map(String.init) ?? "none"
    }

    /// Writes a file that the program takes for a secret: nobody else may read it.
    func secretFile(_ name: String, _ text: String) throws -> String {
        let path = "\(directory)/\(name)"
        try "\(text)\n".write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return path
    }

    /// Runs a verb on the inventory to its end.
    func provision(_ verb: String, _ arguments: [String] = [], seconds: Int = 600) async throws -> Output {
        try await run([binary, verb] + arguments + [inventory], seconds: seconds)
    }

    /// Runs `provision lab VERB`.
    func lab(_ verb: String, _ arguments: [String] = [], seconds: Int = 300) async throws -> Output {
        try await run([binary, "lab", verb, "--inventory", inventory] + arguments, seconds: seconds)
    }

    /// Runs a command on one machine of the lab.
    func on(_ host: String, _ command: String, seconds: Int = 60) async throws -> Output {
        try await run([binary, "lab", "ssh", "--inventory", inventory, host, "--", command], seconds: seconds)
    }

    /// The machines of the lab.
    func hosts() async throws -> [String] {
        let status = try await lab("status")
        return status.text.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) }
    }

    /// Runs a program of this machine to its end; 124 and 137 are the time-out's.
    func run(_ words: [String], seconds: Int) async throws -> Output {
        let result = try await Subprocess.run(
            .name("timeout"),
            arguments: Arguments(["--kill-after=5", String(seconds)] + words),
            output: .string(limit: 16 << 20),
            error: .string(limit: 16 << 20)
        )
        var status: Int32 = -1
        if case .exited(let code) = result.terminationStatus { status = Int32(code) }
        return Output(status: status, text: result.standardOutput, errors: result.standardError)
    }

    /// `apply` that gets a signal after so long; its own status, or 137 after KILL, unless it was done before.
    func stoppedApply(by signal: String, after milliseconds: Int) async throws -> Output {
        let time = "\(milliseconds / 1000).\(milliseconds % 1000 / 100)"
        // In the foreground: otherwise the whole process group gets the signal too, and provision gets it twice.
        let stop = ["timeout", "--foreground", "--preserve-status", "--signal=\(signal)", time]
        return try await run(stop + [binary, "apply", "--yes", "--no-input", inventory], seconds: 300)
    }

    /// Upper bounds, in milliseconds, of the moments at which a first apply is killed; `PROVISION_CLUSTER_KILLS` more of them.
    static var kills: [Int] {
        let more = ProcessInfo.processInfo.environment["PROVISION_CLUSTER_KILLS"].flatMap { Int($0) } ?? 0
        return [2_000, 6_000, 14_000] + (0..<more).map { 4_000 + $0 % 6 * 4_000 }
    }

    /// The same of a teardown: four, or `PROVISION_TEARDOWN_KILLS` of them.
    static var teardownKills: [Int] {
        let count = ProcessInfo.processInfo.environment["PROVISION_TEARDOWN_KILLS"].flatMap { Int($0) } ?? 4
        return (0..<max(0, count)).map { [1_500, 3_000, 6_000, 9_000][$0 % 4] }
    }

    /// Applies, and fails the test with everything that was printed where it does not succeed.
    @discardableResult
    func apply(_ comment: Comment) async throws -> ApplyReport {
        let output = try await provision("apply", ["--yes", "--no-input", "-o", "json"])
        try #require(output.status == 0, "\(comment): \(output.everything.suffix(6000))")
        return try JSONDecoder().decode(ApplyReport.self, from: Data(output.text.utf8))
    }

    /// The steps that would change, as `HOST ID`.
    func pending() async throws -> Set<String> {
        let output = try await provision("plan", ["-o", "json"])
        try #require(output.status == 0, "\(output.everything.suffix(4000))")
        let plan = try JSONDecoder().decode(PlanDocument.self, from: Data(output.text.utf8))
        return Set(plan.steps.filter { $0.verdict != "same" }.map { "\($0.host) \($0.id)" })
    }

    /// Waits until the body is true; false after the time is over.
    func eventually(seconds: Int, _ body: () async throws -> Bool) async throws -> Bool {
        let end = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < end {
            if try await body() { return true }
            try await Task.sleep(for: .seconds(1))
        }
        return false
    }
}

/// What `plan -o json` prints, as far as tests need it.
struct PlanDocument: Decodable {
    struct Step: Decodable {
        var host: String
        var id: String
        var verdict: String
    }

    var steps: [Step]
}

/// What `apply -o json` prints, as far as tests need it.
struct ApplyReport: Decodable {
    struct Host: Decodable {
        var host: String
        var ending: String
        var changes: [String]
    }

    var changes: Int
    var hosts: [Host]

    /// What was started, restarted or reloaded, as `HOST ACTION UNIT`.
    var restarts: Set<String> {
        Set(
            hosts.flatMap { host in
                host.changes.filter { title in
                    ["start ", "restart ", "reload "].contains { title.hasPrefix($0) }
                }.map { "\(host.host) \($0)" }
            }
        )
    }
}
