import ArgumentParser
import Foundation
import PKI
import ProvisionCore
import ProvisionEngine

/// `provision status`: each component's own word, in one round trip per host.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Ask every component how it is; read-only.",
        discussion: """
            EXAMPLES:
              provision status inventory.yaml
              provision status -o json inventory.yaml

            Exit status: 0 all well, 6 something is not well, 1 a host was not reached.
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .long, help: "Also list what is well.")
    var all = false

    @OptionGroup var format: FormatOptions

    func run() async throws {
        let console = output.console
        try await reporting(console) { try await run(console) }
    }

    private func run(_ console: Console) async throws {
        let run = try await ClusterRun.prepare(
            "status",
            options,
            console: format.isJSON ? console.silent : console,
            .looking(artifacts: .present)
        )
        let observed = await run.executor.observe(StatusReport.plan(from: run.plan))
        let sessions = observed.reduce(into: [:]) { $0[$1.lane.host.name] = $1.session }
        let overview = await EtcdSurvey.take(run.spec, beside: sessions)
        await run.close(observed)
        var report = StatusReport(knowsFingerprints: run.plan.hasBinaries && hasKeys(run.spec, console))
        for lane in observed {
            if let failure = lane.failure { report.unreachable[lane.lane.host.name] = failure.summary }
            // Each answer for itself: a restart that is still due says nothing about health now.
            let resources = lane.lane.resources
            let verdicts = zip(resources, lane.answers).map { $0.verdict(for: $1, changed: []) }
            report.add(host: lane.lane.host.name, resources: resources, verdicts: verdicts)
        }
        let certificates = try await CertificateDays.read(run.spec, console)
        var view = StatusView(report: report, spec: run.spec, certificates: certificates, showsAll: all)
        view.etcdLeader = overview.leader?.host
        view.etcdAlarms = Set(overview.members.flatMap(\.alarms)).sorted()
        view.rotation = try rotation(run.spec, console)
        console.result(format.isJSON ? view.json() : view.text(console))
        if !report.unreachable.isEmpty { throw ExitStatus.failed.code }
        if !view.isWell { throw ExitStatus.gateFailed.code }
    }

    /// Without a key that was lost nobody knows what its readers must have been started from.
    private func hasKeys(_ spec: ClusterSpec, _ console: Console) -> Bool {
        let lost = try? Materials(spec: spec, console: console, places: Places()).lostKeys()
        return lost == nil
    }

    private func rotation(_ spec: ClusterSpec, _ console: Console) throws -> String? {
        try Materials(spec: spec, console: console, places: Places()).store(dryRun: true).trustState()
            .standing(options.inventory)
    }
}

/// How long the leaves that the credential store holds still live.
enum CertificateDays {
    /// Days by identifier, the shortest first; nothing is issued for the answer.
    static func read(_ spec: ClusterSpec, _ console: Console) async throws -> [(String, Int)] {
        let now = Int64(Date().timeIntervalSince1970)
        let store = try Materials(spec: spec, console: console, places: Places()).store(dryRun: true)
        let ends = try CertificateRequests.leaves(of: spec).compactMap { profile in
            try store.stored(profile).map { (profile.identifier, try CertificateFacts(pem: $0.certificate).notAfter) }
        }
        // Rounded down: what has ended is below zero.
        return ends.map { ($0.0, Int((Double($0.1 - now) / 86_400).rounded(.down))) }.sorted { $0.1 < $1.1 }
    }
}
