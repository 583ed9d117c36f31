import ProvisionCore
import ProvisionEngine
import Synchronization
import Templates

/// A host of an inventory, as far as the engine looks at it.
func host(_ name: String, at address: IPv4Address = IPv4Address(bits: 0x7F00_0001)) -> HostSpec {
    HostSpec(
        name: name,
        nodeName: name,
        roles: [.worker],
        internalAddress: address,
        ssh: SSHEndpoint(name: name, address: "127.0.0.1")
    )
}

func file(_ path: String, _ text: String, mode: UInt16 = 0o644) -> FileResource {
    FileResource(RenderedFile(path: path, text: text, mode: mode), reason: "a test")
}

/// A command that writes its name into a log, once; its check is that it stands there.
func logged(_ name: String, script: String = "true") -> CommandResource {
    CommandResource(
        id: "log:\(name)",
        title: name,
        reason: "a test",
        check: "grep -qx \(name) /srv/log",
        action: Action(kind: .run, title: name, script: "\(script)\necho \(name) >> /srv/log")
    )
}

/// Collects a run's events.
final class Recorder: Sendable {
    private let storage = Mutex<[RunEvent]>([])
    var events: [RunEvent] { storage.withLock(\.self) }
    func record(_ event: RunEvent) { storage.withLock { $0.append(event) } }
}

/// One whole run: observe, then apply.
func run(
    _ plan: Plan,
    on hosts: [String: any Transport],
    recorder: Recorder = Recorder(),
    atOnce limit: Int = 8,
    uploads: Int = 2,
    relays: Bool = false,
    isInterrupted: @escaping @Sendable () -> Bool = { false }
) async -> [LaneOutcome] {
    let executor = Executor(
        concurrency: ConcurrencySpec(hosts: limit, perJumpHost: 4, uploads: uploads, relay: relays),
        connect: { host throws(TransportError) in
            guard let transport = hosts[host.name] else {
                throw TransportError(
                    code: .refused,
                    host: host.name,
                    attempted: "connect",
                    reason: "refused",
                    remedy: "start it"
                )
            }
            return transport
        },
        isInterrupted: isInterrupted,
        report: recorder.record
    )
    return await executor.apply(await executor.observe(plan), plan: plan)
}
