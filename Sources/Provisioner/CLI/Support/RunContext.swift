import ArgumentParser
import Foundation
import ProvisionCore
import ProvisionEngine
import ProvisionSSH

#if canImport(Glibc)
import Glibc
#endif

/// What one run of a verb that talks to hosts has: its id, its record, its view, its way to hosts.
final class RunContext: Sendable {
    let id: String
    let console: Console
    let record: RunRecord?
    let counters = TransportCounters()
    let running: RunningSteps
    private let view: RunView
    private let interrupts: Interrupts

    init(verb: String, inventory: LoadedInventory, console: Console, places: Places = Places()) {
        let now = Timestamp.now()
        id = now.replacing(":", with: "").replacing("-", with: "") + "-" + Nonce.make().prefix(5)
        self.console = console
        let view = RunView(console: console, hosts: inventory.spec.hosts.map(\.name))
        self.view = view
        let record = Self.openRecord(id: id, verb: verb, inventory: inventory, places: places)
        self.record = record
        if let record { console.journal.keep(record) }
        let isReadOnly = Self.readOnly.contains(verb)
        let running = RunningSteps()
        self.running = running
        interrupts = Interrupts(
            onFirst: {
                if isReadOnly { RunContext.leave(console, "stopped; nothing was changed") }
                let words = "stopping after the current step on each host; once more to leave at once"
                console.journal.append(RunEvent(.interrupted, message: words))
                view.announce(words)
            },
            onSecond: { RunContext.leave(console, running.farewell) }
        )
    }

    private static func leave(_ console: Console, _ words: String) -> Never {
        console.problem(words)
        console.journal.finish(ExitStatus.interrupted.rawValue)
        // Not exit(3): its handlers take libcrypto apart under the threads that still use it.
        _exit(ExitStatus.interrupted.rawValue)
    }

    /// Verbs that only ask: they need not finish anything.
    static let readOnly: Set<String> = ["plan", "check", "status", "trace", "lock-status", "certs"]

    var isInterrupted: Bool { interrupts.isInterrupted }

    func report(_ event: RunEvent) {
        console.journal.append(event)
        running.follow(event)
        view.show(event)
    }

    /// A line of the record that is no step's event.
    ///
    /// - Parameters:
    ///   - message: What was shown.
    ///   - host: Whom it is about.
    ///   - isFailure: Whether it tells of something that is not as it must be.
    func record(_ message: String, host: String? = nil, isFailure: Bool = false) {
        console.journal.append(RunEvent(isFailure ? .gateFailed : .gateOpened, host: host, message: message))
    }

    private static func openRecord(id: String, verb: String, inventory: LoadedInventory, places: Places) -> RunRecord? {
        try? FileManager.default.createDirectory(
            atPath: places.runs,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let header =
            "{\"tool\":\"\(Version.text)\",\"schema\":\(Version.schema),\"verb\":\"\(verb)\",\"cluster\":\"\(inventory.spec.name)\",\"run\":\"\(id)\"}"
        return try? RunRecord(path: "\(places.runs)/\(id).jsonl", run: id, header: header)
    }

    /// Takes and gives back hosts' locks.
    func locks(verb: String) -> LockKeeper { LockKeeper(owner: lockOwner(verb: verb), running: running) }

    /// The owner that is written into host locks.
    private func lockOwner(verb: String) -> HostLock.Owner {
        HostLock.Owner(
            run: id,
            user: NSUserName(),
            machine: Self.machine,
            boot: Self.bootID,
            process: ProcessInfo.processInfo.processIdentifier,
            verb: verb,
            since: Timestamp.now()
        )
    }

    /// Host names repeat, machine ids do not.
    private static var machine: String {
        let id = (try? String(contentsOfFile: "/etc/machine-id", encoding: .utf8)) ?? ""
        return "\(ProcessInfo.processInfo.hostName).\(id.prefix(12))"
    }

    static var bootID: String {
        (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines) ?? "-"
    }
}
