import ProvisionCore
import Templates

/// A host that answers every script by a function of it.
struct ScriptedHost: Transport {
    let name: String
    /// The answer to a script, or to the command line of an upload; `nil` where the connection is lost in it.
    let answer: @Sendable (String) -> String?

    func run(_ command: RemoteCommand) async throws(TransportError) -> CommandResult {
        var script = command.line
        if case .bytes(let bytes) = command.input { script = String(decoding: bytes.reveal(), as: UTF8.self) }
        guard let text = answer(script) else {
            throw TransportError(
                code: .connectionLost,
                host: name,
                attempted: "run a script",
                reason: "the connection is gone",
                remedy: "look at the host"
            )
        }
        return CommandResult(status: .exited(0), output: Array(text.utf8), errorOutput: [])
    }

    func close() async {}
}
