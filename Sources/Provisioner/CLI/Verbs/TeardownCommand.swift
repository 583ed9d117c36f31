import ArgumentParser
import Foundation
import PKI
import ProvisionCore
import ProvisionEngine
import Templates

/// `provision teardown`: removes the cluster from its hosts, without a trace.
struct TeardownCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "teardown",
        abstract: "Remove the cluster from its hosts without a trace, and prove it.",
        discussion: """
            EXAMPLES:
              provision teardown --plan inventory.yaml   # what would go; read-only
              provision teardown --plan -o json inventory.yaml
              provision teardown inventory.yaml   # asks for the cluster's name
              provision teardown --confirm my-cluster inventory.yaml   # for scripts
              provision teardown --host worker-2 inventory.yaml   # drained first
              provision teardown --host worker-9 inventory.yaml   # one that left
              provision teardown --host worker-2 --no-drain inventory.yaml
              provision teardown --keep-data inventory.yaml   # etcd's data stays

            What the receipts on the hosts list goes, and what components made while they ran: pods, directories, links, \
            routes, chains. What was replaced comes back; foreign mounts, rules, routes and files stay. The local store of \
            credentials stays; where it is lost no host is touched until --cluster-id says which cluster is given up.

            -o json has what would be done on standard output; how it ended is on standard error.

            Exit status: 0 clean or nothing to do, 1 a host was not reached (with --plan), 3 something is left or a host was \
            not reached, 5 a host is locked by another run, 6 a drain was blocked, 7 a connection was lost in a step, 8 \
            refused: another cluster's host, another machine, no store, or etcd would lose its quorum, 64 usage, 130 stopped \
            between two steps.
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: "Only this host; may be repeated.")
    var host: [String] = []

    @Flag(name: .long, help: "With --host: neither drain it nor take it out first; etcd must bear its loss.")
    var noDrain = false

    @Flag(name: .long, help: "Keep etcd's data and the API's audit log, with the marks that say whose they are.")
    var keepData = false

    @Flag(name: .long, help: "Only show what would be done; read-only.")
    var plan = false

    @Option(name: .long, help: "The cluster's name, in place of the question.")
    var confirm: String?

    @Option(
        name: .customLong("cluster-id"),
        help: "Where the credential store is lost: the UUID that the hosts bear, as --plan prints it."
    )
    var clusterID: String?

    @OptionGroup var format: FormatOptions

    func validate() throws {
        guard let clusterID, UUID(uuidString: clusterID) == nil || clusterID != clusterID.lowercased() else { return }
        throw ValidationError("--cluster-id takes a UUID, as it stands in \(MarkerResource.path) of the hosts")
    }

    func run() async throws {
        let console = output.console
        try await reporting(console) { try await run(console) }
    }

    private func run(_ console: Console) async throws {
        let run = try await ClusterRun.prepare("teardown", options, console: console, request)
        if !plan { try checkName(run, console) }
        let turn = try turn(run.spec, console)
        defer { withExtendedLifetime(turn) {} }
        let staysPut = noDrain || host.isEmpty || run.identity == nil
        let leaving = staysPut ? nil : try await HostDeparture.find(Set(host), run, keepsData: keepData)
        do { try await takeDown(run, leaving, console) } catch {
            await leaving?.close()
            throw error
        }
        await leaving?.close()
    }

    /// Where the store is lost it goes by what hosts say.
    private var request: RunRequest {
        var request = RunRequest.looking(artifacts: .present, onlyAsks: plan)
        request.limit = host
        request.option = "--host"
        request.clusterID = clusterID
        request.takesFormer = true
        request.holdsLiving = true
        return request
    }

    /// Single hosts leave only beside a rotation that rests; a whole cluster may go at any time.
    private func turn(_ spec: ClusterSpec, _ console: Console) throws -> RotationLock? {
        guard !plan, !host.isEmpty else { return nil }
        return try RotationGuard.admit(
            "\(host.joined(separator: ", ")) would leave",
            spec,
            inventory: options.inventory,
            isAsked: true,
            console: console
        )
    }

    private func takeDown(_ run: ClusterRun, _ leaving: HostDeparture?, _ console: Console) async throws {
        let engine = run.teardownEngine
        let hosts = await engine.survey(run.subjects(run.plan.lanes, clusterID: run.identity, keepsData: keepData))
        let hasStore = clusterID == nil && run.identity != nil
        let view = TeardownView(
            hosts: hosts,
            store: hasStore ? run.spec.pki.directory : nil,
            timers: host.isEmpty ? Self.timers(run.spec, options.inventory) : []
        )
        if format.isJSON { console.result(view.json()) } else { view.lines(console).forEach(console.result) }
        leaving?.lines(console).forEach(format.isJSON ? console.note : console.result)
        do { try await act(hosts, leaving, engine, run, console) } catch {
            for host in hosts { await host.session?.close() }
            throw error
        }
        for host in hosts { await host.session?.close() }
    }

    /// On this machine; they would go on asking hosts that bear nothing any more.
    private static func timers(_ spec: ClusterSpec, _ inventory: String) -> [TeardownView.Timer] {
        let directory = UserUnits.current.directory
        return OperatorTimer.all(of: spec.name).compactMap { timer in
            guard FileManager.default.fileExists(atPath: "\(directory)/\(timer.name).timer") else { return nil }
            return TeardownView.Timer(
                name: "\(timer.name).timer",
                removal: "provision \(timer.verb) --remove \(inventory)"
            )
        }
    }

    /// A wrong name ends the verb before any connection.
    private func checkName(_ run: ClusterRun, _ console: Console) throws {
        let remedy =
            "provision teardown --plan \(options.inventory) shows what would be done; then --confirm \(run.spec.name)"
        if let confirm, confirm != run.spec.name {
            throw CommandFailure(
                "--confirm \(confirm): the cluster is called \(run.spec.name); nothing was done",
                remedy: remedy,
                status: .usage
            )
        }
        if confirm == nil, options.noInput || !console.canAsk {
            throw CommandFailure(
                "a teardown asks for the cluster's name, and there is no terminal; nothing was done",
                remedy: remedy,
                status: .usage
            )
        }
    }

    private func act(
        _ hosts: [SurveyedHost],
        _ leaving: HostDeparture?,
        _ engine: TeardownEngine,
        _ run: ClusterRun,
        _ console: Console
    ) async throws {
        let refused = hosts.filter { if case .refused? = $0.plan?.identity { true } else { false } }
        let isRefused = refused.contains { counts($0.name, run) }
        if isRefused && plan || refused.count == hosts.count {
            console.problem("× refused; no host was touched")
            throw ExitStatus.refused.code
        }
        let others = hosts.filter { host in !refused.contains { $0.name == host.name } }
        let working = others.filter { !($0.plan?.isClean ?? true) }
        let etcd = leaving == nil ? etcdGuard(run) : nil
        try await etcd?.check(working.map(\.subject.lane.host), telling: console)
        try leaving?.check(console)
        if plan {
            if hosts.contains(where: { $0.failure != nil }) { throw ExitStatus.failed.code }
            return
        }
        if !working.isEmpty || leaving?.hasWork == true { try ask(run, max(1, working.count)) }
        let strangers = Set(refused.map(\.name))
        let teardown = LockedTeardown(
            run: run,
            engine: engine,
            departure: leaving,
            etcd: etcd,
            inventory: options.inventory
        )
        let outcomes = try await teardown.perform(hosts, working: working, except: strangers)
        try end(outcomes, run, console)
    }

    private func end(_ outcomes: [TeardownOutcome], _ run: ClusterRun, _ console: Console) throws {
        try MembershipStore(directory: run.spec.pki.directory)
            .forget(Set(outcomes.filter(\.isClean).map(\.host)), keepsData: keepData)
        TeardownSummary(outcomes: outcomes, inventory: options.inventory).entries(console).forEach {
            show($0, console)
        }
        console.note("record  \(run.context.record?.path ?? "none: the state directory cannot be written")")
        // A host that left long ago and is no more is named above, and no failure of this teardown.
        let status = TeardownOutcome.exitStatus(outcomes.filter { !$0.isOutOfReach || counts($0.host, run) })
        if status != .success { throw status.code }
    }

    /// Where programs read the result nothing but the document is on standard output.
    private func show(_ entry: TeardownSummary.Entry, _ console: Console) {
        guard format.isJSON else {
            if let event = entry.event { console.journal.append(event) }
            return console.result(entry.text)
        }
        guard let event = entry.event else { return console.note(entry.text) }
        console.problem(entry.text, as: event)
    }

    /// Nobody takes these hosts out of etcd first; where the whole cluster goes nothing of it has to go on.
    private func etcdGuard(_ run: ClusterRun) -> EtcdLossGuard? {
        guard !host.isEmpty, !run.spec.hosts.allSatisfy({ host.contains($0.name) }) else { return nil }
        return EtcdLossGuard(run: run, inventory: options.inventory, drains: !noDrain, keepsData: keepData)
    }

    /// Whether a host that cannot be taken down is a failure: one of the inventory, or one that was asked for.
    private func counts(_ name: String, _ run: ClusterRun) -> Bool {
        host.contains(name) || run.spec.hosts.contains { $0.name == name }
    }

    private func ask(_ run: ClusterRun, _ count: Int) throws {
        guard confirm == nil else { return }
        let hosts = counted(count, "host")
        guard Prompt.line("Type the cluster's name, \(run.spec.name), to take down \(hosts)") == run.spec.name else {
            throw CommandFailure(
                "that is not the cluster's name; nothing was done",
                remedy: "provision teardown \(options.inventory)",
                status: .usage
            )
        }
    }
}
