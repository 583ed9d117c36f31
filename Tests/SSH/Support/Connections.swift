import ProvisionCore
import ProvisionSSH
import Synchronization
import Templates
import Testing

/// The transports that speak SSH.
let transports: [SSHEndpoint.TransportChoice] = [.libssh2, .openssh]

/// Hears why `auto` chose the system's `ssh`.
final class Notes: Sendable {
    private let storage = Mutex<[String]>([])
    var all: [String] { storage.withLock(\.self) }
    func add(_ note: String) { storage.withLock { $0.append(note) } }
}

/// Opens an endpoint, does something, closes it.
func using<Result: Sendable>(
    _ endpoint: SSHEndpoint,
    ask: TransportFactory.Ask? = nil,
    notes: Notes = Notes(),
    _ body: (any Transport) async throws -> Result
) async throws -> Result {
    let factory = TransportFactory(counters: TransportCounters(), ask: ask, note: notes.add)
    let transport = try await factory.open(endpoint)
    do {
        let result = try await body(transport)
        await transport.close()
        return result
    } catch {
        await transport.close()
        throw error
    }
}

/// Runs one command line.
@discardableResult
func run(
    _ line: String,
    on endpoint: SSHEndpoint,
    ask: TransportFactory.Ask? = nil,
    notes: Notes = Notes()
) async throws
    -> CommandResult
{
    try await using(endpoint, ask: ask, notes: notes) { try await $0.run(RemoteCommand(line: line)) }
}

/// Expects that an endpoint can be used.
func reach(
    _ endpoint: SSHEndpoint,
    ask: TransportFactory.Ask? = nil,
    notes: Notes = Notes(),
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let result = try await run("echo in", on: endpoint, ask: ask, notes: notes)
    #expect(result.outputText == "in\n", sourceLocation: sourceLocation)
}

/// The error with which an endpoint cannot be used.
func failure(of endpoint: SSHEndpoint, running line: String = "true") async throws -> TransportError {
    try #require(await #expect(throws: TransportError.self) { try await run(line, on: endpoint) })
}

extension RemoteCommand {
    init(_ line: String, input: String = "", seconds: Int = 30) {
        self.init(line: line, input: .bytes(Secret(Array(input.utf8))), timeout: .seconds(seconds))
    }
}
