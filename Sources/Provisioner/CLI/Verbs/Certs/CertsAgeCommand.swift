import ArgumentParser
import Foundation
import PKI
import ProvisionCore
import ProvisionEngine
import Templates

/// `provision certs age-lab`: puts leaves that have ended onto a lab's hosts, so that the way out can be proven.
struct CertsAgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "age-lab",
        abstract: "End every leaf of an embedded lab, for tests of renew --offline and rotate --offline.",
        discussion: """
            EXAMPLES:
              provision certs age-lab inventory.yaml   # then: provision lab reboot
              provision certs age-lab --authorities inventory.yaml

            \(ExitStatusLine.text("0 ended, 1 a host was not reached, 8 it is no lab", .hosts))
            """,
        shouldDisplay: false
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .long, help: "End the authorities too.")
    var authorities = false

    func run() async throws {
        let console = output.console
        try await reporting(console) { try await run(console) }
    }

    private func run(_ console: Console) async throws {
        let run = try await ClusterRun.prepare("certs-age", options, console: console)
        guard run.spec.lab != nil else {
            throw CommandFailure("this would end a real cluster", remedy: "only a lab grows old", status: .refused)
        }
        // Two hours ago leaves for one hour were issued; the authorities were already valid then.
        let past = Int64(Date().timeIntervalSince1970) - 7200
        let materials = Materials(spec: run.spec, console: console, places: Places(), now: past)
        var profiles = CertificateRequests.leaves(of: run.spec)
        for index in profiles.indices { profiles[index].lifetime = 3600 }
        let store = try materials.store(dryRun: false)
        let issuers = CertificateRequests.authorities(of: run.spec)
        if authorities { try store.shorten(issuers, lifetime: 3600) }
        try await store.renew(profiles, authorities: issuers)
        let plan = Planner(spec: run.spec, materials: try await materials.gather(dryRun: false)).plan()
        let observed = await run.executor.observe(Self.filesOnly(plan))
        let outcomes = await run.executor.apply(observed, plan: Self.filesOnly(plan))
        await run.close(observed)
        let report = RunReport(lanes: outcomes)
        console.result(
            "\(counted(report.changes, "file")) written; every leaf \(authorities ? "and every authority " : "")has ended"
        )
        if !report.isAsWanted { throw report.exitCode.code }
    }

    private static func filesOnly(_ plan: Plan) -> Plan {
        let lanes = plan.lanes.map { lane in
            let stages = lane.stages.map { Stage($0.name, resources: $0.resources.filter { $0 is FileResource }) }
            return Plan.Lane(host: lane.host, stages: stages)
        }
        return Plan(cluster: plan.cluster, lanes: lanes)
    }
}
