import ArgumentParser
import ProvisionCore
import ProvisionEngine

/// `provision etcd defrag`: gives free space back to the file systems, one member at a time.
struct EtcdDefragCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "defrag",
        abstract: "Give etcd's free space back, one member at a time, the leader last.",
        discussion: """
            EXAMPLES:
              provision etcd defrag inventory.yaml
              provision etcd defrag --disarm inventory.yaml   # alarm NOSPACE

            Each member is healthy again before the next one begins. A member answers nothing while it is at it.

            Exit status: 0 done, 5 a host is locked by another run, 6 a member did not come back, 7 a connection was lost in a \
            step, 8 refused: not all members are healthy.
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .long, help: "Drop the history of keys first, and clear the alarm NOSPACE once there is space again.")
    var disarm = false

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            let access = try await HostAccess("etcd-defrag", options, console)
            try await access.locked(access.spec.hosts(.etcd), verb: "etcd-defrag") { sessions in
                try await defragment(access, sessions, console)
            }
        }
    }

    private func defragment(_ access: HostAccess, _ sessions: [String: HostSession], _ console: Console) async throws {
        let before = try await EtcdSurvey.take(access, over: sessions)
        if let refusal = before.refusal {
            throw CommandFailure(
                "no member may be without an answer now: \(refusal)",
                remedy: "provision etcd status \(options.inventory)",
                status: .refused
            )
        }
        if disarm { try await compact(access, before, sessions) }
        for member in before.rollingOrder {
            guard !access.context.isInterrupted else { throw ExitStatus.interrupted.code }
            guard let session = sessions[member.host], let scripts = scripts(access, member.host) else { continue }
            try await session.step(
                scripts.defragment,
                attempted: "defragment",
                remedy: "provision etcd status \(options.inventory); the other members were not touched",
                seconds: 700
            )
            let now = try await proven(member, access, sessions)
            let sizes = [before, now].map { overview in
                ByteCount.text(overview.members.first { $0.host == member.host }?.status?.size ?? 0)
            }
            console.result("\(member.host)  \(sizes[0]) -> \(sizes[1])\(member.isLeader ? "  (leader)" : "")")
        }
        guard disarm, let leader = before.rollingOrder.last, let scripts = scripts(access, leader.host) else { return }
        try await sessions[leader.host]?.step(
            scripts.disarm,
            attempted: "clear alarms",
            remedy: "provision etcd status \(options.inventory)"
        )
        console.result("alarms cleared")
    }

    /// All members, once one of them was defragmented.
    private func proven(
        _ member: EtcdMember,
        _ access: HostAccess,
        _ sessions: [String: HostSession]
    ) async throws -> EtcdOverview {
        let remedy = "provision etcd status \(options.inventory)"
        let now: EtcdOverview
        do { now = try await EtcdSurvey.take(access, over: sessions) } catch {
            throw LostStep.named(error, in: "see how members are after \(member.host) was defragmented", remedy: remedy)
        }
        if let refusal = now.refusal {
            throw CommandFailure("after \(member.host): \(refusal)", remedy: remedy, status: .gateFailed)
        }
        return now
    }

    private func compact(_ access: HostAccess, _ overview: EtcdOverview, _ sessions: [String: HostSession]) async throws
    {
        guard let leader = overview.rollingOrder.last, let scripts = scripts(access, leader.host) else { return }
        try await sessions[leader.host]?.step(
            scripts.compact,
            attempted: "compact the history",
            remedy: "provision etcd status \(options.inventory); nothing was defragmented",
            seconds: 120
        )
    }

    private func scripts(_ access: HostAccess, _ name: String) -> EtcdScripts? {
        access.spec.hosts.first { $0.name == name }
            .map { EtcdScripts(host: $0, dataDirectory: access.spec.etcd.dataDirectory) }
    }
}
