import ArgumentParser
import ProvisionCore
import ProvisionEngine

/// `provision etcd move-leader`: before its host is taken away for a while.
struct EtcdMoveLeaderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move-leader",
        abstract: "Make another member the leader.",
        discussion: """
            EXAMPLES:
              provision etcd move-leader controller-1 inventory.yaml

            Exit status: 0 it leads, 6 it does not, 7 the connection was lost in it, 8 refused: there is no quorum or it is not \
            healthy, 64 no such member.
            """
    )

    @Argument(help: "The member's host.")
    var to: String

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            let access = try await HostAccess("etcd-move-leader", options, console)
            let hosts = access.spec.hosts(.etcd)
            guard hosts.contains(where: { $0.name == to }) else {
                let near = NearestName.of(to, among: hosts.map(\.name)).map { "; did you mean \($0)?" } ?? ""
                throw CommandFailure(
                    "\(to) is no etcd member\(near)",
                    remedy: "members are \(hosts.map(\.name).joined(separator: ", "))",
                    status: .usage
                )
            }
            try await access.locked(hosts, verb: "etcd-move-leader") { try await move(access, $0, console) }
        }
    }

    private func move(_ access: HostAccess, _ sessions: [String: HostSession], _ console: Console) async throws {
        let before = try await EtcdSurvey.take(access, over: sessions)
        guard before.hasQuorum, let leader = before.leader,
            let target = before.healthy.first(where: { $0.host == to }), let id = target.status?.id
        else {
            throw CommandFailure(
                before.hasQuorum ? "\(to) is not a healthy voting member" : before.words,
                remedy: "provision etcd status \(options.inventory)",
                status: .refused
            )
        }
        guard !target.isLeader else {
            console.result("\(to) leads already")
            return
        }
        guard let host = access.spec.hosts.first(where: { $0.name == leader.host }), let session = sessions[leader.host]
        else { return }
        try await session.step(
            EtcdScripts(host: host, dataDirectory: access.spec.etcd.dataDirectory).moveLeader(to: id),
            attempted: "move the leadership to \(to)",
            remedy: "provision etcd status \(options.inventory)"
        )
        let after = try await proven(access, sessions)
        guard after.leader?.host == to else {
            throw CommandFailure(
                "\(after.leader?.host ?? "nobody") leads now, not \(to)",
                remedy: "provision etcd status \(options.inventory)",
                status: .gateFailed
            )
        }
        console.result("\(to) leads; before: \(leader.host)")
    }

    private func proven(_ access: HostAccess, _ sessions: [String: HostSession]) async throws -> EtcdOverview {
        do { return try await EtcdSurvey.take(access, over: sessions) } catch {
            let remedy = "provision etcd status \(options.inventory)"
            throw LostStep.named(error, in: "see who leads once it was moved to \(to)", remedy: remedy)
        }
    }
}
