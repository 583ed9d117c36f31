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
    /// Whether the run is to stop.
    let stopRequest: StopRequest
    private let view: RunView
    private let interrupts: Interrupts

    /// - Parameters:
    ///   - verb: Stands in the record and in locks.
    ///   - inventory: The cluster.
    ///   - console: Where it is followed.
    ///   - onlyAsks: Whether it changes nothing this time, as with `--plan`.
    ///   - places: Where the record goes.
    init(
        verb: String,
        inventory: LoadedInventory,
        console: Console,
        onlyAsks: Bool = false,
        places: Places = Places()
    ) {
        let now = Timestamp.now()
        id = now.replacing(":", with: "").replacing("-", with: "") + "-" + Nonce.make().prefix(5)
        self.console = console
        let view = RunView(console: console, hosts: inventory.spec.hosts.map(\.name))
        self.view = view
        let record = Self.openRecord(id: id, verb: verb, inventory: inventory, places: places)
        self.record = record
        if let record { console.journal.keep(record) }
        let running = RunningSteps()
        self.running = running
        let request = StopRequest()
        stopRequest = request
        let leavesAtOnce = Self.leavesAtOnce(verb, onlyAsks: onlyAsks)
        Prompt.onInterrupt {
            RunContext.leave(console, leavesAtOnce ? "stopped; nothing was changed" : running.farewell)
        }
        interrupts = Interrupts(request) { meaning in
            switch meaning {
            case .leaves: RunContext.leave(console, running.farewell)
            case .stops where leavesAtOnce: RunContext.leave(console, "stopped; nothing was changed")
            case .stops: RunContext.tell("stopping after the current step on each host", console, view)
            case .waits(let reason): RunContext.tell(reason, console, view)
            case .ignored: break
            }
        }
    }

    private static func tell(_ words: String, _ console: Console, _ view: RunView) {
        let words = "\(words); once more to leave at once"
        console.journal.append(RunEvent(.interrupted, message: words))
        view.announce(words)
    }

    private static func leave(_ console: Console, _ words: String) -> Never {
        console.problem(words)
        console.journal.finish(ExitStatus.interrupted.rawValue)
        Workplace.removeAll()
        // Not exit(3): its handlers take libcrypto apart under the threads that still use it.
        _exit(ExitStatus.interrupted.rawValue)
    }

    /// Verbs that only ask.
    private static let readOnly: Set<String> = [
        "plan", "check", "status", "trace", "lock-status", "certs", "etcd-status",
    ]

    /// Whether it need not finish anything.
    static func leavesAtOnce(_ verb: String, onlyAsks: Bool) -> Bool { onlyAsks || readOnly.contains(verb) }

    var isInterrupted: Bool { stopRequest.isHeeded }

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

    /// Who runs it, as USER@MACHINE.
    var operatorName: String { "\(NSUserName())@\(ProcessInfo.processInfo.hostName)" }

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
