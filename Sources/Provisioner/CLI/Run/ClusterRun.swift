import ArgumentParser
import Foundation
import PKI
import ProvisionCore
import ProvisionEngine
import ProvisionSSH
import Templates

/// One run of a verb over a cluster's hosts: spec, plan, engine, record.
struct ClusterRun {
    let spec: ClusterSpec
    let plan: Plan
    /// Of all hosts, also where the run is limited to some.
    let whole: Plan
    let executor: Executor
    let context: RunContext
    let connector: HostConnector
    private let materials: ClusterMaterials
    /// Whether the store held a cluster before this run, or a person said which one it is.
    private let existed: Bool
    /// The only hosts that take part; empty: all.
    private let limit: Set<String>
    let start = ContinuousClock.now

    /// Loads the inventory and gathers everything; every problem is shown and has its exit status.
    ///
    /// - Parameters:
    ///   - verb: Stands in records.
    ///   - options: The inventory.
    ///   - console: Where remarks are made.
    ///   - request: What it asks for.
    /// - Returns: The run.
    /// - Throws: `CommandFailure`, the stores' own errors, `ExitCode` for problems that were shown.
    static func prepare(
        _ verb: String,
        _ options: InventoryOptions,
        console: Console,
        _ request: RunRequest = RunRequest()
    ) async throws -> ClusterRun {
        let places = Places()
        let inventory = try LoadedInventory(options.inventory, console: console, places: places)
        try await LabGuard.check(inventory.spec, places, inventory: options.inventory)
        try requireSameGround(inventory.spec, options, console, request)
        let former = request.takesFormer ? formerHosts(inventory.spec) : []
        let limit = try known(request.limit, inventory.spec.hosts + former, request.option)
        if !request.dryRun, verb != "apply" { try StoreGuard.requireCluster(inventory.spec, console) }
        var gathering = Materials(spec: inventory.spec, console: console, places: places)
        gathering.holdsLiving = request.holdsLiving
        gathering.replacing = request.replacing
        gathering.mayAsk = !options.noInput
        gathering.needsKeys = request.needsKeys
        let clocks = clockGuard(inventory.spec, options, console, limit)
        gathering.beforeIssuing = { _ = try await clocks.check() }
        let stored = try gathering.store(dryRun: true).existingClusterID()
        try requireSame(request.clusterID, as: stored, inventory.spec)
        // Without a store a teardown goes by what hosts say: nobody has to sign anything for it.
        if request.takesFormer, stored == nil { gathering.spec.pki.broughtAuthorities = [:] }
        var materials = try await gathering.gather(dryRun: request.dryRun, artifacts: request.artifacts)
        if let clusterID = request.clusterID { materials.clusterID = clusterID }
        let whole = Planner(spec: inventory.spec, materials: materials).plan()
        if whole.hasBinaries { try prove(whole, inventory.spec, console) }
        var plan = limited(whole, to: limit, console)
        plan.lanes += former.filter { limit.isEmpty || limit.contains($0.name) }.compactMap {
            lane($0, in: inventory.spec, materials)
        }
        let context =
            request.context
            ?? RunContext(
                verb: verb,
                inventory: inventory,
                console: console,
                onlyAsks: request.onlyAsks,
                places: places
            )
        let connector = HostConnector(inventory.spec, options, console, context: context)
        return ClusterRun(
            spec: inventory.spec,
            plan: plan,
            whole: whole,
            executor: makeExecutor(inventory.spec, connector, context),
            context: context,
            connector: connector,
            materials: materials,
            existed: stored != nil || request.clusterID != nil,
            limit: limit
        )
    }

    /// What is known of the cluster must go with the inventory, before anything is issued.
    private static func requireSameGround(
        _ spec: ClusterSpec,
        _ options: InventoryOptions,
        _ console: Console,
        _ request: RunRequest
    ) throws {
        // What writes no plan to hosts must work in an emergency too.
        if !request.needsKeys { MembershipStore(directory: spec.pki.directory).tellDamage(console) }
        guard !request.takesFormer else { return }
        try requireReadable(spec, request.dryRun, bearing: !request.needsKeys, console)
        try AddressGuard(spec: spec, inventory: options.inventory)
            .check(bearing: request.restores || !request.needsKeys, console)
    }

    private static func makeExecutor(
        _ spec: ClusterSpec,
        _ connector: HostConnector,
        _ context: RunContext
    ) -> Executor {
        Executor(
            concurrency: spec.concurrency,
            connect: { host throws(TransportError) in try await connector.open(host) },
            isInterrupted: { context.isInterrupted },
            report: context.report
        )
    }

    /// Clocks are compared over connections of their own, and only where something is issued.
    private static func clockGuard(
        _ spec: ClusterSpec,
        _ options: InventoryOptions,
        _ console: Console,
        _ limit: Set<String>
    ) -> ClockGuard {
        ClockGuard(spec: spec, connector: HostConnector(spec, options, console), limit: limit)
    }

    private static func limited(_ whole: Plan, to limit: Set<String>, _ console: Console) -> Plan {
        guard !limit.isEmpty else { return whole }
        let plan = whole.limited(to: limit)
        let assumed = plan.assumedGates.map(\.rawValue)
        if !assumed.isEmpty {
            console.note("the hosts left out are taken for well: \(assumed.joined(separator: ", "))")
        }
        return plan
    }

    /// What a person gives takes the place of a store that is lost, never that of one that is there.
    static func requireSame(_ given: String?, as stored: String?, _ spec: ClusterSpec) throws {
        guard let given, let stored, given != stored else { return }
        throw CommandFailure(
            "--cluster-id \(given): \(spec.pki.directory) is the store of the cluster \(stored)",
            remedy: "leave it out, or use the inventory of the cluster whose store was lost",
            status: .usage
        )
    }

    /// A provider is never changed under Secrets that it alone can read.
    ///
    /// - Parameters:
    ///   - spec: The inventory.
    ///   - dryRun: Whether it is only said.
    ///   - bears: Whether a record that cannot be read is passed over.
    ///   - console: Where it is said.
    /// - Throws: A refusal.
    static func requireReadable(
        _ spec: ClusterSpec,
        _ dryRun: Bool,
        bearing bears: Bool = false,
        _ console: Console
    ) throws {
        let store = MembershipStore(directory: spec.pki.directory)
        let record = bears ? store.known : try store.read()
        guard let why = record?.unreadable(under: spec) else { return }
        guard !dryRun else { return console.problem("‼ \(why)") }
        throw CommandFailure(
            why,
            remedy: "put features.encryption back; the key is replaced by: provision certs rotate encryption-key",
            status: .refused
        )
    }

    var clusterID: String { materials.clusterID }
    /// The same; `nil` where neither a store nor a person says which cluster it is.
    var identity: String? { existed ? materials.clusterID : nil }

    /// The same run with a plan of what the store holds now.
    ///
    /// - Parameter holdsLiving: Whether leaves stay as long as they live.
    /// - Returns: The run.
    /// - Throws: What gathering throws; a plan that contradicts itself has been shown.
    func replanned(holdsLiving: Bool = false) async throws -> ClusterRun {
        var gathering = Materials(spec: spec, console: context.console, places: Places())
        gathering.holdsLiving = holdsLiving
        gathering.mayAsk = connector.mayAsk
        let materials = try await gathering.gather(dryRun: false)
        let whole = Planner(spec: spec, materials: materials).plan()
        try Self.prove(whole, spec, context.console)
        return with(whole, materials)
    }

    private func with(_ whole: Plan, _ materials: ClusterMaterials) -> ClusterRun {
        ClusterRun(
            spec: spec,
            plan: limit.isEmpty ? whole : whole.limited(to: limit),
            whole: whole,
            executor: executor,
            context: context,
            connector: connector,
            materials: materials,
            existed: existed,
            limit: limit
        )
    }

    /// Plans again, and asks again, where etcd's cluster is there and a member of the inventory has still to join it, or
    /// where another controller must stand in for the first one.
    func joining(_ lanes: [ObservedLane]) async -> (ClusterRun, [ObservedLane]) {
        let situation = await EtcdMembership.situation(spec, lanes, existed: existed)
        let lead = lanes.standIn(among: spec.hosts(.controller))
        guard situation != .founding || lead != nil else { return (self, lanes) }
        if let lead { context.console.note("\(lead) stands in for the first controller, which is not reached") }
        let joined = with(Planner(spec: spec, materials: materials, etcd: situation, lead: lead).plan(), materials)
        return (joined, await executor.observeAgain(lanes.bound(to: joined.plan)))
    }

    private init(
        spec: ClusterSpec,
        plan: Plan,
        whole: Plan,
        executor: Executor,
        context: RunContext,
        connector: HostConnector,
        materials: ClusterMaterials,
        existed: Bool,
        limit: Set<String>
    ) {
        self.materials = materials
        self.existed = existed
        self.limit = limit
        self.spec = spec
        self.plan = plan
        self.whole = whole
        self.executor = executor
        self.context = context
        self.connector = connector
    }

    /// A plan that contradicts itself ends here, before any connection.
    ///
    /// Without artifacts it lacks every program and is only looked at.
    private static func prove(_ plan: Plan, _ spec: ClusterSpec, _ console: Console) throws {
        let violations = ConsistencyProver(spec: spec, plan: plan).violations()
        guard !violations.isEmpty else { return }
        violations.forEach { console.problem($0.description) }
        console.problem("\(counted(violations.count, "contradiction")) in the plan; no host was touched")
        throw ExitStatus.inventoryInvalid.code
    }

    /// Hosts that are remembered and no longer in the inventory; a machine that is there under another name is no other.
    private static func formerHosts(_ spec: ClusterSpec) -> [HostSpec] {
        var taken = Set(spec.hosts.map(\.internalAddress))
        return (MembershipStore(directory: spec.pki.directory).known?.former(spec) ?? []).compactMap(\.host)
            .filter { taken.insert($0.internalAddress).inserted }
    }

    /// What a plan would hold for a host, were it in the inventory.
    private static func lane(_ host: HostSpec, in spec: ClusterSpec, _ materials: ClusterMaterials) -> Plan.Lane? {
        var spec = spec
        spec.hosts = spec.hosts.filter { $0.name != host.name } + [host]
        return Planner(spec: spec, materials: materials).plan().lanes.first { $0.host.name == host.name }
    }

    /// The same of a host that left.
    func lane(of former: HostSpec) -> Plan.Lane? { Self.lane(former, in: spec, materials) }
}
