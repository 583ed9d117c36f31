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
    let until: RotationPhase?
    /// Seconds between the last reissue and distrust.
    let soak: Int64
    let noSoak: String?
    /// Why old private keys are kept by nobody; `nil`: the archive keeps them.
    var destroyOld: String?
    /// Whether pods of other namespaces may be restarted.
    var restartsPods = false

    /// At the present time: a soak may last longer than a canary lives.
    private var store: CredentialStore { opened.at(Int64(Date().timeIntervalSince1970)) }
    private var rollout: Rollout { Rollout(run: run, verb: "certs-rotate", inventory: inventory) }
    private var gates: RotationGates { RotationGates(run: run, store: store, inventory: inventory) }
    private var console: Console { run.context.console }

    /// Begins a new one: refuses where it must, saves etcd and the store, makes the next generation.
    func begin(_ roots: [TrustRoot], name: String) async throws {
        try await rollout.requireSteady(roots, store)
        try await Self.requireAnswers(store, run.spec, roots)
        let id = "\(name)-\(run.context.id)"
        console.note("== before \(name)")
        try await gates.readWrite()
        try await gates.snapshot(id)
        gates.tell(try StoreCopy.make(of: store, named: id, console))
        _ = try store.begin(roots, authorities: CertificateRequests.authorities(of: run.spec), id: id)
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
    ///   - roots: What has ended, where no rotation is in progress.
    ///   - id: The rotation's name in records.
    /// - Throws: `CredentialStoreError`.
    static func recover(_ opened: CredentialStore, _ spec: ClusterSpec, _ roots: [TrustRoot], id: String) throws {
        var state = try opened.trustState()
        if state.rotation == nil {
            state = try opened.begin(roots, authorities: CertificateRequests.authorities(of: spec), id: id)
        }
        let hasKeys = state.rotation?.roots.contains { !$0.isAuthority } ?? false
        if !hasKeys { state.rotation?.phase = .distrust }
        state.rotation?.isRollingBack = false
        state.rotation?.recovery = .pending
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
            state.rotation?.isRollingBack = false
            state.rotation?.reissued = nil
            try store.move(to: state)
            try store.record("\(state.rotation?.id ?? "-"): \(phase.rawValue), because \(why)")
            gates.tell("\(why); going on from \(phase.rawValue)")
        }
    }

    /// Goes on from where hosts stand, to the end or to `until`.
    func forward() async throws {
        try await agree()
        while let rotation = try store.trustState().rotation {
            if rotation.phase == .oldOnly {
                try move(to: .trustBoth)
                continue
            }
            try await settle(rotation)
            if rotation.phase == .distrust { return try await finish(rotation) }
            if rotation.phase == until {
                let resume = "provision certs rotate --resume --apply \(inventory)"
                return console.result("stands at \(rotation.phase.rawValue), proven; go on with: \(resume)")
            }
            if run.context.isInterrupted { throw ExitStatus.interrupted.code }
            if rotation.phase == .newLeaves { try await beforeDistrust(rotation) }
            guard let next = rotation.phase.next else { return }
            try move(to: next)
        }
    }

    /// Back to the old generation, step by step the same way.
    func back() async throws {
        try await agree()
        var state = try store.trustState()
        guard var rotation = state.rotation else { return }
        guard rotation.recovery == nil else {
            throw CommandFailure(
                "the old authority has ended, so there is no way back to it",
                remedy: "go on: provision certs rotate --resume --apply \(inventory)",
                status: .refused
            )
        }
        guard rotation.phase < .distrust else {
            throw CommandFailure(
                "the old generation is already distrusted; some hosts refuse it",
                remedy:
                    "go on: provision certs rotate --resume --apply \(inventory); then rotate again if the new one is bad",
                status: .refused
            )
        }
        // A step back that was interrupted is done before the next: hosts may still present what it takes back.
        if rotation.isRollingBack { try await settle(rotation) }
        rotation.isRollingBack = true
        rotation.reissued = nil
        while rotation.phase != .oldOnly || state.rotation?.isRollingBack != true {
            rotation.phase = rotation.phase.previous ?? .oldOnly
            state.rotation = rotation
            try store.move(to: state)
            try store.record("\(rotation.id): back to \(rotation.phase.rawValue)")
            try await settle(rotation)
        }
        try await finish(rotation)
    }

    private func move(to phase: RotationPhase) throws {
        var state = try store.trustState()
        state.rotation?.phase = phase
        state.rotation?.isRollingBack = false
        try store.move(to: state)
        try store.record("\(state.rotation?.id ?? "-"): \(phase.rawValue)")
    }

    /// Brings hosts and API to a phase, and proves that they are there.
    private func settle(_ rotation: Rotation) async throws {
        let start = ContinuousClock.now
        let isDown = rotation.recovery == .pending
        console.note("== \(rotation.phase.rawValue)\(isDown ? ", from SSH and the store alone" : "")")
        let outcome = try await rollout.perform { isDown ? OfflinePlan.make(from: $0) : $0 }
        let restarts = outcome.restarts.sorted { $0.key < $1.key }.map { "\($0.key) x\($0.value)" }
        gates.tell("\(outcome.changes) changes\(restarts.isEmpty ? "" : "; " + restarts.joined(separator: ", "))")
        try await gates.readWrite()
        for root in rotation.roots { try await follow(root, rotation) }
        try await inCluster(rotation)
        try await gates.matrix(rotation, try store.trustState())
        if isDown {
            var state = try store.trustState()
            state.rotation?.recovery = .done
            try store.move(to: state)
        }
        let took = RunView.seconds(start.elapsedMilliseconds)
        try store.record("\(rotation.id): \(rotation.phase.rawValue) proven, \(outcome.changes) changes")
        gates.tell("\(rotation.phase.rawValue) proven in \(took)")
        guard rotation.phase == .newLeaves, !rotation.isRollingBack, rotation.reissued == nil else { return }
        var state = try store.trustState()
        state.rotation?.reissued = Int64(Date().timeIntervalSince1970)
        try store.move(to: state)
    }

    /// What one root needs beside files and restarts.
    private func follow(_ root: TrustRoot, _ rotation: Rotation) async throws {
        let state = try store.trustState()
        let force = state.inForce(root)
        let isBack = rotation.isRollingBack
        switch (root, rotation.phase) {
        case (.kubernetes, .newLeaves): return
        case (.kubernetes, _):
            try await gates.rootBundles(try await credentials().authorities)
            if rotation.phase != .trustBoth { try await gates.renewAuthenticationConfig() }
            if rotation.phase == .trustBoth, isBack { return }
            try await gates.restartSystemPods()
        case (.frontProxy, .distrust), (.frontProxy, .oldOnly): try await gates.renewAuthenticationConfig()
        case (.encryption, .newLeaves), (.encryption, .distrust):
            try await gates.encryptSecrets(rewriting: rotation.phase == .newLeaves, under: force.issuing)
        case (.encryption, _) where isBack:
            try await gates.encryptSecrets(rewriting: true, under: force.issuing)
        case (.serviceAccount, let phase) where phase == .newLeaves || (phase == .trustBoth && isBack):
            try await gates.renewTokens(generation: force.issuing)
            try await gates.restartSystemPods()
        default: return
        }
    }

    /// Trust that lies in the cluster's own objects and pods.
    private func inCluster(_ rotation: Rotation) async throws {
        let state = try store.trustState()
        let roots = rotation.roots
        if roots.contains(.kubernetes) || roots.contains(.frontProxy) { try await gates.authenticationConfig(state) }
        if roots.contains(.kubernetes), rotation.phase != .newLeaves { try await gates.mountedBundles(state) }
        let isAhead = !rotation.isRollingBack && rotation.recovery != .pending
        let isTheirTurn =
            roots.contains(.kubernetes) && rotation.phase == .trustBoth
            || roots.contains(.serviceAccount) && rotation.phase == .newLeaves
        if isAhead, isTheirTurn { try await gates.otherPods(restart: restartsPods) }
    }

    private func credentials() async throws -> Credentials {
        try await Materials(spec: run.spec, console: console, places: Places()).credentials(dryRun: true)
    }

    /// The last look before what cannot be taken back.
    private func beforeDistrust(_ rotation: Rotation) async throws {
        try await wait()
        let state = try store.trustState()
        if rotation.roots.contains(.kubernetes), rotation.recovery == nil {
            try await gates.requireNoObjectsOfTheOld(state)
        }
        guard rotation.roots.contains(.serviceAccount) else { return }
        let generation = state.inForce(.serviceAccount).issuing
        try await gates.requireNoOldTokens(generation: generation)
        try await gates.deleteOldTokens(generation: generation)
    }

    private func wait() async throws {
        var state = try store.trustState()
        if let noSoak {
            state.rotation?.soakSkipped = noSoak
            try store.move(to: state)
            try store.record("\(state.rotation?.id ?? "-"): the soak was left out: \(noSoak)")
            return gates.tell("no soak: \(noSoak)")
        }
        let end = (state.rotation?.reissued ?? 0) + soak
        while true {
            let left = end - Int64(Date().timeIntervalSince1970)
            guard left > 0 else { return }
            if run.context.isInterrupted { throw ExitStatus.interrupted.code }
            if left % 300 < 2 || left == soak { console.note("   soaking, \(left) s left; safe to stop and --resume") }
            try await Task.sleep(for: .seconds(min(2, left)))
        }
    }

    private func finish(_ rotation: Rotation) async throws {
        let archive = try store.finish(destroysKeys: destroyOld != nil)
        let word = rotation.phase == .distrust ? "done" : "taken back"
        let keys = destroyOld.map { ", without private keys (\($0))" } ?? ""
        try store.record("\(rotation.id): \(word); what is not in force is in \(archive)\(keys)")
        console.result("\(rotation.id): \(word); what is not in force any more is in \(archive)\(keys)")
        if destroyOld != nil {
            let copies = "\(run.spec.pki.directory)/copies"
            console.note("‼ the copy from before the rotation, in \(copies), still holds the old keys")
        }
    }
}
