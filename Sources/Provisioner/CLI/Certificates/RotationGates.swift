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

    var remedy: String { "mend it, then: provision certs rotate --resume --apply \(inventory)" }

    func tell(_ message: String) {
        console.note("   \(message)")
        run.context.record(message)
    }

    /// A write and a read at every API server.
    func readWrite() async throws {
        for host in controllers {
            try await scripts.require(
                RotationScripts.readWrite,
                on: host,
                attempted: "write and read an object at its API server",
                remedy: remedy
            )
        }
        tell("every API server reads and writes")
    }

    func snapshot(_ name: String) async throws {
        guard let member = run.spec.hosts(.etcd).first else {
            throw CommandFailure(
                "no host of this inventory runs etcd",
                remedy: "snapshot it by its own means",
                status: .refused
            )
        }
        let words = try await scripts.require(
            RotationScripts.snapshot(named: name, address: member.internalAddress.description),
            on: member,
            attempted: "save a snapshot of etcd",
            remedy: "see why: journalctl -u etcd on \(member.name); nothing was changed"
        )
        tell("etcd snapshot on \(member.name): \(words.split(separator: "\n").suffix(2).joined(separator: " at "))")
    }
}
