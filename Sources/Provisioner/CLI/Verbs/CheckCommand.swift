import ArgumentParser
import Foundation
import PKI
import ProvisionCore
import ProvisionEngine

/// `provision check` says whether these hosts can be this cluster.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Can these hosts be this cluster? Read-only.",
        discussion: """
            EXAMPLES:
              provision check inventory.yaml
              provision check --all inventory.yaml       also what passed

            Exit status: 0 nothing stands in the way, 4 something does.
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .long, help: "Also list what passed.")
    var all = false

    func run() async throws {
        let console = output.console
        try await reporting(console) { try await run(console) }
    }

    private func run(_ console: Console) async throws {
        let inventory = try LoadedInventory(options.inventory, console: console)
        try await LabGuard.check(inventory.spec, Places())
        let context = RunContext(verb: "check", inventory: inventory, console: console)
        let connector = HostConnector(counters: context.counters, console: console, mayAsk: !options.noInput)
        let gathered = await FactsGathering(spec: inventory.spec, connector: connector).gather()
        let identifier = try Materials(spec: inventory.spec, console: console, places: Places()).store(dryRun: true)
            .existingClusterID()
        var results = gathered.failures.map {
            PreflightResult("ssh.connect", $0.key, .failure, $0.value.summary, fix: $0.value.remedy)
        }
        results += Preflight(spec: inventory.spec, clusterID: identifier).results(gathered.facts)
        show(results, console)
        if results.contains(where: { $0.level == .failure }) { throw ExitStatus.preflightFailed.code }
    }

    private func show(_ results: [PreflightResult], _ console: Console) {
        let width = results.map(\.host.count).max() ?? 0
        for result in results where all || result.level != .pass {
            let sign =
                switch result.level {
                case .pass: console.paint("√", .green)
                case .warning: console.paint("‼", .yellow)
                case .failure: console.paint("×", .red)
                }
            let fix = result.fix.isEmpty ? "" : "  fix: \(result.fix)"
            console.result(
                "\(sign) \(result.host.padding(to: width))  \(result.id.padding(to: 14))  \(Sanitised.text(result.text))\(fix)"
            )
        }
        let failures = results.count { $0.level == .failure }
        let warnings = results.count { $0.level == .warning }
        console.result("\(results.count) checks: \(failures) failed, \(warnings) warnings")
    }
}

/// Asks every host for its facts, side by side.
struct FactsGathering {
    let spec: ClusterSpec
    let connector: HostConnector

    struct Gathered {
        var facts: [String: HostFacts] = [:]
        var failures: [String: TransportError] = [:]
    }

    func gather() async -> Gathered {
        await withTaskGroup(of: (String, Result<HostFacts, TransportError>).self) { group in
            for host in spec.hosts { group.addTask { (host.name, await facts(of: host)) } }
            return await group.reduce(into: Gathered()) { gathered, item in
                switch item.1 {
                case .success(let facts): gathered.facts[item.0] = facts
                case .failure(let error): gathered.failures[item.0] = error
                }
            }
        }
    }

    private func facts(of host: HostSpec) async -> Result<HostFacts, TransportError> {
        do throws(TransportError) {
            let session = HostSession(host: host.name, transport: try await connector.open(host))
            let script = FactsScript.text(for: host, peers: NeededPorts.reached(from: host, in: spec))
            let before = Date().timeIntervalSince1970
            let result = try await session.run(script, seconds: 60)
            await session.close()
            var facts = HostFacts(output: result.outputText)
            // The clock is read first on the host: half of the connection's way is lost in the noise of seconds.
            if let clock = facts.number("clock") { facts.clockOffset = clock - Int(before * 1000) }
            return .success(facts)
        } catch { return .failure(error) }
    }
}
