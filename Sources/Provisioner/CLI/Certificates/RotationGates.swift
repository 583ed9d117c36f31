import Foundation
import PKI
import ProvisionCore
import ProvisionEngine
import Templates

/// What must be true before a rotation takes its next step.
struct RotationGates {
    let run: ClusterRun
    let store: CredentialStore
    let inventory: String

    var scripts: HostScripts { HostScripts(connector: run.connector) }
    private var console: Console { run.context.console }
    private var controllers: [HostSpec] { run.spec.hosts(.controller) }

    /// The controller from which objects are changed.
    func first() throws -> HostSpec {
        guard let host = controllers.first else {
            throw CommandFailure("there is no controller", remedy: "add one", status: .inventoryInvalid)
        }
        return host
    }

    var remedy: String { "mend it, then: \(again)" }

    /// Before the first step there is nothing to resume.
    var again: String {
        let hasBegun = (try? store.trustState().rotation) != nil
        return hasBegun ? Rotation.resume(inventory) : "the same command again"
    }

    var interruption: CommandFailure {
        CommandFailure("stopped at your word", remedy: "go on: \(again)", status: .interrupted)
    }

    func tell(_ message: String) {
        console.note("   \(message)")
        run.context.record(message)
    }

    /// A write and a read at every API server.
    func readWrite() async throws {
        let keys = Dictionary(uniqueKeysWithValues: controllers.enumerated().map { ($1.name, "server-\($0)") })
        try await scripts.require(
            onEach: controllers,
            attempted: "write and read an object at its API server",
            remedy: remedy
        ) {
            RotationScripts.readWrite(keys[$0.name] ?? "server")
        }
        tell("every API server reads and writes")
    }

    /// How long to wait before a question is asked again: what comes a moment late costs a moment, and in all it is as
    /// patient as with five seconds each.
    ///
    /// - Parameter attempt: How often it was asked.
    /// - Returns: One to five seconds.
    static func pause(after attempt: Int) -> Duration { .seconds(min(attempt, 5)) }

    func snapshot(_ name: String) async throws {
        guard let member = run.spec.hosts(.etcd).first else {
            throw CommandFailure(
                "no host of this inventory runs etcd",
                remedy: "snapshot it by its own means",
                status: .refused
            )
        }
        let etcd = EtcdScripts(host: member, dataDirectory: run.spec.etcd.dataDirectory)
        let remedy = "see why: journalctl -u etcd on \(member.name); nothing was changed"
        let attempted = "save a snapshot of etcd"
        let words = try await scripts.require(
            etcd.snapshot(named: name),
            on: member,
            attempted: attempted,
            remedy: remedy,
            seconds: 720
        )
        guard let snapshot = HostSnapshot(answer: words) else {
            throw CommandFailure("\(attempted): its proof cannot be read", remedy: remedy, status: .failed)
        }
        tell("etcd snapshot on \(member.name): revision \(snapshot.content.revision) at \(snapshot.path)")
    }
}
