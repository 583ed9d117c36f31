import Foundation
import ProvisionCore
import ProvisionEngine
import Templates

/// What a verb that speaks to hosts without a plan has: the cluster, a run of its own, and ways to hosts.
struct HostAccess: Sendable {
    let inventory: String
    let spec: ClusterSpec
    let context: RunContext
    let connector: HostConnector

    /// - Parameters:
    ///   - verb: Stands in the record.
    ///   - options: The inventory.
    ///   - console: Where it is followed.
    ///   - onlyAsks: Whether it changes nothing this time, as with `--plan`.
    /// - Throws: `CommandFailure` where the inventory's lab is not up, `ExitCode` for problems that were shown.
    init(_ verb: String, _ options: InventoryOptions, _ console: Console, onlyAsks: Bool = false) async throws {
        let loaded = try LoadedInventory(options.inventory, console: console)
        try await LabGuard.check(loaded.spec, Places(), inventory: options.inventory)
        inventory = options.inventory
        spec = loaded.spec
        context = RunContext(verb: verb, inventory: loaded, console: console, onlyAsks: onlyAsks)
        connector = HostConnector(loaded.spec, options, console, context: context)
    }

    init(_ run: ClusterRun, inventory: String) {
        self.inventory = inventory
        spec = run.spec
        context = run.context
        connector = run.connector
    }

    var scripts: HostScripts { HostScripts(connector: connector) }
    var console: Console { context.console }
    var stopRequest: StopRequest { context.stopRequest }

    func session(on host: HostSpec) async throws(TransportError) -> HostSession {
        HostSession(host: host.name, transport: try await connector.open(host))
    }

    /// Opens all these hosts or none, locks them, and gives both back whatever the body does.
    ///
    /// - Throws: `CommandFailure` where a host is not reached or held by another run, and what the body throws.
    func locked<Result: Sendable>(
        _ hosts: [HostSpec],
        verb: String,
        _ body: ([String: HostSession]) async throws -> Result
    ) async throws -> Result {
        let lanes = await open(hosts)
        let locks = context.locks(verb: verb)
        do {
            if let lane = lanes.first(where: { $0.failure != nil }), let failure = lane.failure {
                throw CommandFailure(
                    "\(lane.lane.host.name) was not reached, and all of its kind are needed: \(failure.summary)",
                    remedy: failure.remedy,
                    status: .failed
                )
            }
            if let holder = await locks.acquire(on: lanes) {
                throw CommandFailure(
                    "locked: \(holder)",
                    remedy: "wait for it, or: provision lock status \(inventory)",
                    status: .lockHeld
                )
            }
            let sessions: [String: HostSession] = lanes.reduce(into: [:]) { $0[$1.lane.host.name] = $1.session }
            let result: Result
            do { result = try await body(sessions) } catch {
                await locks.release(on: lanes)
                throw error
            }
            await locks.release(on: lanes)
            for lane in lanes { await lane.session?.close() }
            return result
        } catch {
            for lane in lanes { await lane.session?.close() }
            throw error
        }
    }

    /// Opens hosts side by side, in their order: two runs that want them all take them in the same one.
    ///
    /// One that is not reached says why.
    func open(_ hosts: [HostSpec]) async -> [ObservedLane] {
        await withTaskGroup(of: ObservedLane.self) { group in
            for host in hosts {
                group.addTask {
                    var lane = ObservedLane(host)
                    do throws(TransportError) { lane.session = try await session(on: host) } catch {
                        lane.failure = error
                    }
                    return lane
                }
            }
            let opened = await group.reduce(into: [String: ObservedLane]()) { $0[$1.lane.host.name] = $1 }
            return hosts.compactMap { opened[$0.name] }
        }
    }
}

extension HostSession {
    /// Runs a script that must succeed; what it printed.
    ///
    /// - Throws: `CommandFailure` with its last words, `TransportError`.
    @discardableResult
    func require(_ script: String, attempted: String, remedy: String, seconds: Int = 300) async throws -> String {
        let text = try await run(RotationScripts.framed(script), seconds: seconds).outputText
        var lines = text.split(separator: "\n").map(String.init)
        let status = lines.popLast()
        guard status == "rotation-status 0" else {
            let words = Sanitised.text(lines.suffix(8).joined(separator: "\n"), limit: 1200)
            throw CommandFailure("\(host): \(attempted): \(words)", remedy: remedy, status: .gateFailed)
        }
        return lines.joined(separator: "\n")
    }
}
