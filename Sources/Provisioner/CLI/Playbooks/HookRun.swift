import ArgumentParser
import ProvisionCore
import ProvisionEngine

/// The inventory's hooks around one apply.
struct HookRun {
    let run: ClusterRun
    let console: Console

    /// Runs the playbooks of these moments on those of the hosts that they are for.
    ///
    /// - Parameters:
    ///   - moments: In this order.
    ///   - hosts: Those that this apply changes, or has changed.
    /// - Returns: How many changes they made.
    /// - Throws: The exit status of the first playbook that did not come to its end.
    func pass(_ moments: [HookSpec.Moment], _ hosts: Set<String>) async throws -> Int {
        var changes = 0
        for moment in moments {
            let limit = moment.role.map { role in hosts.intersection(run.spec.hosts(role).map(\.name)) }
            for path in run.spec.hooks.playbooks[moment] ?? [] {
                changes += try await self.run(path, moment, limit: limit)
            }
        }
        return changes
    }

    private func run(_ path: String, _ moment: HookSpec.Moment, limit: Set<String>?) async throws -> Int {
        let playbook = try PlaybookRun(try LoadedPlaybook(path, console: console), run, console: console)
        let hosts = try playbook.hosts(limit: limit)
        guard !hosts.isEmpty else { return 0 }
        let name = playbook.loaded.playbook.name
        console.remark("hook \(moment.rawValue): \(name) on \(hosts.map(\.name).joined(separator: ", "))")
        let report = await playbook.execute(await playbook.observe(hosts))
        if let holder = report.lockHolder {
            console.problem("× hook \(name) found a lock: \(holder)")
            throw ExitStatus.lockHeld.code
        }
        guard report.isAsWanted else {
            RunSummary(report: report).show(console)
            console.problem("× hook \(moment.rawValue), \(path), did not come to its end; apply goes no further")
            throw report.exitCode.code
        }
        try await playbook.archive?.require()
        return report.changes
    }
}
