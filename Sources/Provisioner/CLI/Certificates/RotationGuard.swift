import PKI
import ProvisionCore
import ProvisionEngine

/// What is not changed beside a rotation in progress: versions, and whom its gates count on.
///
/// Hosts may leave: one that is lost must be taken out before the rotation goes on without it. Workers may join: they get
/// what the position asks for, and the next step takes them along.
struct RotationGuard {
    let rotation: Rotation
    let inventory: String

    func check(_ look: ClusterLook) throws {
        try refuse(look.ordered.upgrade)
        try refuseNewcomers(look.observed, of: look.run.spec)
    }

    /// Both roll the same services, and a rotation's gates know the versions that it began with.
    private func refuse(_ upgrade: Upgrade?) throws {
        guard upgrade?.changes.contains(where: \.movesVersion) ?? false else { return }
        throw CommandFailure(
            "\(position), and versions would change beside it",
            remedy: "put the versions back to what runs; \(ways); then upgrade",
            status: .refused
        )
    }

    /// Joining etcd and the load balancers has an order of its own, which the steps of a rotation have not.
    func refuseNewcomers(_ lanes: [ObservedLane], of spec: ClusterSpec) throws {
        let record = try MembershipStore(directory: spec.pki.directory).read()
        let marks = Dictionary(lanes.map { ($0.lane.host.name, $0.mark) }) { first, _ in first }
        try refuse(Newcomer.all(in: spec, record: record, marks: marks))
    }

    func refuse(_ newcomers: [Newcomer]) throws {
        guard !newcomers.isEmpty else { return }
        throw CommandFailure(
            "\(position), and \(newcomers.map(\.words).joined(separator: ", ")) would join beside it",
            remedy: "take what joins out of the inventory; \(ways); then add it and apply",
            status: .refused
        )
    }

    /// What would change the ground under it: another state of etcd, other members, services that stop.
    func refusal(of deed: String) -> CommandFailure {
        CommandFailure(
            "\(position), and \(deed) beside it",
            remedy: "\(ways); where neither can go on: the same command with --during-rotation",
            status: .refused
        )
    }

    private var position: String { "the rotation \(rotation.id) is at \(rotation.place)" }

    private var ways: String { "provision certs rotate --resume --apply \(inventory), or --rollback" }
}

extension RotationGuard {
    /// `nil` where no rotation is in progress.
    init?(_ spec: ClusterSpec, inventory: String) throws {
        let materials = Materials(spec: spec, console: Console(quiet: true), places: Places())
        guard let rotation = try materials.store(dryRun: true).trustState().rotation else { return nil }
        self.init(rotation: rotation, inventory: inventory)
    }

    /// Holds the store while hosts are changed beside a rotation: a process that rotates goes by the inventory that it has
    /// read, and would undo what another one brings.
    ///
    /// - Returns: `nil` where no rotation is in progress.
    /// - Throws: `CredentialStoreError` while a process rotates.
    static func hold(_ spec: ClusterSpec) throws -> RotationLock? {
        let store = try Materials(spec: spec, console: Console(quiet: true), places: Places()).store(dryRun: false)
        return try store.trustState().rotation == nil ? nil : store.lockForRotation()
    }

    /// Lets through what changes the ground under a rotation in progress only where somebody asked for it all the same,
    /// and holds the store meanwhile.
    ///
    /// - Parameters:
    ///   - deed: What would happen beside it, as the end of a sentence.
    ///   - spec: The cluster.
    ///   - inventory: Its path, for remedies.
    ///   - isAsked: Whether it was asked for all the same.
    ///   - isPlan: Whether it is only shown.
    ///   - console: Where the rotation is named.
    /// - Returns: What is to be held until the end; `nil` where no rotation is in progress, or nothing happens.
    /// - Throws: `CommandFailure` where it was not asked for; `CredentialStoreError` while a process rotates.
    static func admit(
        _ deed: String,
        _ spec: ClusterSpec,
        inventory: String,
        isAsked: Bool,
        isPlan: Bool = false,
        console: Console
    ) throws -> RotationLock? {
        guard let guarding = try RotationGuard(spec, inventory: inventory) else { return nil }
        guard isAsked || isPlan else { throw guarding.refusal(of: deed) }
        let turn = try isPlan ? nil : hold(spec)
        console.problem("‼ \(guarding.position), and \(deed) beside it; afterwards: \(Rotation.resume(inventory))")
        return turn
    }
}

extension RotationGuard {
    /// Refuses to change hosts that are in a rotation of which this store knows nothing, before the first one changes.
    static func refuseStranger(_ lanes: [ObservedLane]) throws {
        for lane in lanes {
            for case .refused(let why, let remedy) in lane.verdicts where remedy == RotationMark.remedy {
                throw CommandFailure(why, remedy: remedy, status: .refused)
            }
        }
    }
}

extension ObservedLane {
    fileprivate var mark: Newcomer.Mark { failure != nil ? .unseen : isNew ? .absent : .own }
}
