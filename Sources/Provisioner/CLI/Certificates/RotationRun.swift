import Foundation
import PKI
import ProvisionCore
import ProvisionEngine

/// A rotation, step by step: move the store, bring the hosts there, prove it, record it.
///
/// Whatever ends it, the store says where it stands; going on means doing the current step again, which changes nothing
/// where it was done.
struct RotationRun {
    let run: ClusterRun
    let opened: CredentialStore
    let inventory: String
    /// What is asked for now; what was asked for before lies in the store.
    var asked = Rotation.Asked()

    /// At the present time: a soak may last longer than a canary lives.
    var store: CredentialStore { opened.at(Int64(Date().timeIntervalSince1970)) }
    var rollout: Rollout {
        Rollout(run: run, verb: RotationLocks.verb, inventory: inventory, keepsLocks: true)
    }
    var gates: RotationGates { RotationGates(run: run, store: store, inventory: inventory) }
    var console: Console { run.context.console }

    var interruption: CommandFailure { gates.interruption }

    /// Begins a new one: refuses where it must, saves etcd and the store, makes the next generation.
    func begin(_ roots: [TrustRoot], name: String) async throws {
        try await rollout.requireSteady(roots, store)
        // What cannot be read would hold it up half-way.
        if roots.contains(.kubernetes) { _ = try store.issuedIdentities() }
        try await Self.requireAnswers(store, run.spec, roots)
        let id = "\(name)-\(run.context.id)"
        console.note("== before \(name)")
        try await gates.readWrite()
        let working = try await gates.workingFunctions(roots)
        try await gates.snapshot(id)
        gates.tell(try StoreCopy.make(of: store, named: id, console))
        let authorities = CertificateRequests.authorities(of: run.spec)
        var state = try store.begin(roots, authorities: authorities, id: id, asked: asked)
        state.rotation?.working = working
        state.rotation?.startedBy = run.context.operatorName
        try store.move(to: state)
        try store.record("\(id): began with \(roots.map(\.rawValue).joined(separator: ", "))")
        try move(to: .trustBoth)
    }

    /// What a next generation whose key lies elsewhere must have signed; nothing has changed until it has.
    static func requireAnswers(_ store: CredentialStore, _ spec: ClusterSpec, _ roots: [TrustRoot]) async throws {
        let canaries = roots.filter(\.isAuthority).map { CertificateRequests.canary($0, spec) }
        try await store.requireAnswers(
            roots,
            authorities: CertificateRequests.authorities(of: spec),
            leaves: CertificateRequests.leaves(of: spec) + canaries
        )
    }

    /// Begins with authorities that have ended: the store goes to the next generation at once, since nobody is left who
    /// accepts the old one; keys in an interrupted rotation stay where they are.
    ///
    /// - Parameters:
    ///   - opened: The store.
    ///   - spec: The cluster.
    ///   - roots: What has ended; it joins a rotation that is in progress.
    ///   - id: The rotation's name in records.
    ///   - asked: What the operator asked for.
    /// - Throws: `CredentialStoreError`.
    static func recover(
        _ opened: CredentialStore,
        _ spec: ClusterSpec,
        _ roots: [TrustRoot],
        id: String,
        asked: Rotation.Asked
    ) throws {
        let authorities = CertificateRequests.authorities(of: spec)
        let isFirst = try opened.trustState().rotation == nil
        var state =
            isFirst
            ? try opened.begin(roots, authorities: authorities, id: id, asked: asked)
            : try opened.joined(by: roots, authorities: authorities)
        let hasKeys = state.rotation?.roots.contains { !$0.isAuthority } ?? false
        if !hasKeys { state.rotation?.phase = .distrust }
        state.rotation?.isRollingBack = false
        state.rotation?.recovery = .pending
        // Nobody knows what would answer had nothing ended.
        state.rotation?.working = nil
        try opened.move(to: state)
        try opened.record(
            "\(state.rotation?.id ?? id): authorities have ended, without an API: the next generation alone"
        )
    }

    /// The store goes to where hosts stand, where it is a copy from another time.
    private func agree() async throws {
        var state = try store.trustState()
        let trust = TrustGuard(spec: run.spec, store: store, connector: run.connector, inventory: inventory)
        switch try await trust.position(of: run.spec.hosts).decide(state) {
        case .agrees: return
        case .refuse(let why): throw trust.refusal(why)
        case .move(let phase, let why):
            state.rotation?.phase = phase
            // From there no way leads back.
            if phase == .distrust { state.rotation?.isRollingBack = false }
            state.rotation?.reissued = nil
            try store.move(to: state)
            try store.record("\(state.rotation?.id ?? "-"): \(phase.rawValue), because \(why)")
            gates.tell("\(why); going on from \(phase.rawValue)")
        }
    }

    /// What is asked for anew joins what was asked for before, so that going on needs nothing but the inventory.
    private func remember() throws {
        var state = try store.trustState()
        guard let rotation = state.rotation else { return }
        let all = (rotation.asked ?? .init()).updated(by: asked)
        if all != asked, !all.words.isEmpty { gates.tell("as it was asked for: \(all.words)") }
        guard all != rotation.asked else { return }
        state.rotation?.asked = all
        try store.move(to: state)
    }

    /// Whether the rotation in progress is on its way back: then that is how it goes on.
    func isRollingBack() throws -> Bool { try store.trustState().rotation?.isRollingBack ?? false }

    /// Goes on from where hosts stand, to the end or to where it was asked to stop.
    func forward() async throws { try await placed { try await stepForward() } }

    /// Back to the old generation, step by step the same way.
    func back() async throws { try await placed { try await stepBack() } }

    /// Whatever ends it on its way says where it stands.
    func placed(_ steps: () async throws -> Void) async throws {
        do { try await steps() } catch {
            guard let rotation = try? store.trustState().rotation else { throw error }
            throw RotationFailure.placed(error, rotation, inventory: inventory)
        }
    }

    private func stepForward() async throws {
        run.context.running.goesOn(with: Rotation.resume(inventory))
        try await agree()
        try remember()
        var isUntouched = false
        while let rotation = try store.trustState().rotation {
            if rotation.phase == .oldOnly {
                try move(to: .trustBoth)
                continue
            }
            let proven = try await settle(rotation, isUntouched: isUntouched)
            if rotation.phase == .distrust { return try finish(rotation) }
            if let until = rotation.asked?.until, rotation.phase >= until { return try rest(rotation) }
            if run.context.isInterrupted { throw interruption }
            if rotation.phase == .newLeaves { try await beforeDistrust(rotation, proven: proven) }
            guard let next = rotation.phase.next else { return }
            try move(to: next)
            isUntouched = true
        }
    }

    /// It was asked to stop here; whoever goes on does not mean to stop here again.
    private func rest(_ rotation: Rotation) throws {
        var state = try store.trustState()
        state.rotation?.asked?.until = nil
        try store.move(to: state)
        console.result("stands at \(rotation.place), proven; go on with: \(Rotation.resume(inventory))")
    }

    private func stepBack() async throws {
        run.context.running.goesOn(with: Rotation.resume(inventory))
        try await agree()
        try remember()
        var state = try store.trustState()
        guard var rotation = state.rotation else { return }
        try requireWayBack(rotation)
        // A step back that was interrupted is done before the next: hosts may still present what it takes back.
        if rotation.isRollingBack { try await settle(rotation) }
        rotation.isRollingBack = true
        rotation.reissued = nil
        while rotation.phase != .oldOnly || state.rotation?.isRollingBack != true {
            if run.context.isInterrupted { throw interruption }
            rotation.phase = rotation.phase.previous ?? .oldOnly
            state.rotation = rotation
            try store.move(to: state)
            try store.record("\(rotation.id): back to \(rotation.phase.rawValue)")
            try await settle(rotation)
        }
        try finish(rotation)
    }

    private func requireWayBack(_ rotation: Rotation) throws {
        let forward = "go on: \(Rotation.resume(inventory))"
        guard rotation.recovery == nil else {
            throw CommandFailure(
                "the old authority has ended, so there is no way back to it",
                remedy: forward,
                status: .refused
            )
        }
        guard rotation.phase < .distrust else {
            throw CommandFailure(
                "the old generation is already distrusted; some hosts refuse it",
                remedy: "\(forward); then rotate again if the new one is bad",
                status: .refused
            )
        }
    }

    func move(to phase: RotationPhase) throws {
        var state = try store.trustState()
        state.rotation?.phase = phase
        state.rotation?.isRollingBack = false
        try store.move(to: state)
        try store.record("\(state.rotation?.id ?? "-"): \(phase.rawValue)")
    }

    private func finish(_ rotation: Rotation) throws {
        let archive = try store.finish()
        console.result(rotation.lastLine(archive: archive))
        guard rotation.asked?.destroyOld != nil else { return }
        let copies = "\(run.spec.pki.directory)/copies"
        console.problem("‼ the copy from before the rotation, in \(copies), still holds the old keys")
    }
}
