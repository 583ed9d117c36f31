import Subprocess
import SystemPackage
import Testing

/// A real ssh-agent with a socket of its own, ended by its id.
struct Agent: Sendable {
    let socket: String

    /// Starts an agent that holds keys, in their order; does something; ends it.
    static func with<Result: Sendable>(
        _ keys: [String],
        in scratch: Scratch,
        _ body: (Agent) async throws -> Result
    ) async throws -> Result {
        let agent = Agent(socket: scratch.file("agent-\(UInt16.random(in: 0 ... .max))"))
        let result = try await Subprocess.run(
            .name("ssh-agent"),
            arguments: ["-D", "-a", agent.socket],
            input: .none,
            output: .discarded,
            error: .discarded
        ) { execution in
            for key in keys { try await agent.add(key) }
            let result = try await body(agent)
            try execution.send(signal: .terminate)
            return result
        }
        return result.closureResult
    }

    /// Tries again until the agent listens.
    private func add(_ key: String) async throws {
        for _ in 0..<200 {
            let result = try await tool("ssh-add", ["-q", key], environment: ["SSH_AUTH_SOCK": socket], mayFail: true)
            if result.status == 0 { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("ssh-add \(key) does not work")
    }
}
