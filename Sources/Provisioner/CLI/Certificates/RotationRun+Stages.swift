import Foundation
import PKI
import ProvisionCore
import ProvisionEngine
import Templates

/// What one stage does, and what is proven before the next.
extension RotationRun {
    /// Brings hosts and API to a phase, and proves that they are there.
    ///
    /// - Parameters:
    ///   - rotation: Where the store stands.
    ///   - isUntouched: Whether it went there a moment ago, so that no host has heard of it.
    /// - Returns: From when on the last gates were asked.
    /// - Throws: What stopped it.
    @discardableResult
    func settle(_ rotation: Rotation, isUntouched: Bool = false) async throws -> ContinuousClock.Instant {
        let start = ContinuousClock.now
        let isDown = rotation.recovery == .pending
        console.note("== \(rotation.place)\(isDown ? ", from SSH and the store alone" : "")")
        let outcome = try await rollOut(rotation, isUntouched: isUntouched)
        let restarts = outcome.restarts.sorted { $0.key < $1.key }.map { "\($0.key) x\($0.value)" }
        let changes = counted(outcome.changes, "change")
        gates.tell("\(changes)\(restarts.isEmpty ? "" : "; " + restarts.joined(separator: ", "))")
        try await gates.readWrite()
        for root in rotation.roots { try await follow(root, rotation) }
        try await inCluster(rotation)
        let proven = ContinuousClock.now
        try await gates.matrix(rotation, try store.trustState())
        if isDown { try change { $0.recovery = .done } }
        try await gates.functions(rotation)
        let took = RunView.seconds(start.elapsedMilliseconds)
        try store.record("\(rotation.id): \(rotation.phase.rawValue) proven, \(changes)")
        gates.tell("\(rotation.phase.rawValue) proven in \(took)")
        if rotation.phase == .newLeaves, !rotation.isRollingBack, rotation.reissued == nil {
            try change { $0.reissued = Int64(Date().timeIntervalSince1970) }
        }
        return proven
    }

    private func change(_ edit: (inout Rotation) -> Void) throws {
        var state = try store.trustState()
        guard var rotation = state.rotation else { return }
        edit(&rotation)
        state.rotation = rotation
        try store.move(to: state)
    }

    /// Ended before the first host has changed, the store goes back from where no way leads back.
    private func rollOut(_ rotation: Rotation, isUntouched: Bool) async throws -> Rollout.Outcome {
        let isDown = rotation.recovery == .pending
        let mayReturn = isUntouched && rotation.phase == .distrust
        let ready: Rollout.Ready
        do { ready = try await rollout.ready(needsAll: true) { isDown ? OfflinePlan.make(from: $0) : $0 } } catch {
            if mayReturn { try move(to: .newLeaves) }
            throw error
        }
        let report = await rollout.apply(ready)
        if mayReturn, report.touchedNothing { try move(to: .newLeaves) }
        return try rollout.outcome(of: report)
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
            try await gates.restartSystemPods(rotation, for: root)
        case (.frontProxy, .distrust), (.frontProxy, .oldOnly): try await gates.renewAuthenticationConfig()
        case (.encryption, .newLeaves), (.encryption, .distrust):
            try await gates.encryptSecrets(rewriting: rotation.phase == .newLeaves, under: force.issuing)
        case (.encryption, _) where isBack:
            try await gates.encryptSecrets(rewriting: true, under: force.issuing)
        case (.serviceAccount, let phase) where phase == .newLeaves || (phase == .trustBoth && isBack):
            try await gates.renewTokens(generation: force.issuing)
            try await gates.restartSystemPods(rotation, for: root)
        default: return
        }
    }

    /// Trust that lies in the cluster's own objects and pods.
    private func inCluster(_ rotation: Rotation) async throws {
        let state = try store.trustState()
        let roots = rotation.roots
        if rotation.phase == .trustBoth || rotation.phase == .oldOnly { try gates.nameLostAccess(rotation) }
        if roots.contains(.kubernetes) || roots.contains(.frontProxy) { try await gates.authenticationConfig(state) }
        if roots.contains(.kubernetes), rotation.phase != .newLeaves { try await gates.mountedBundles(state) }
        let isAhead = !rotation.isRollingBack && rotation.recovery != .pending
        let turns = roots.filter {
            $0 == .kubernetes && rotation.phase == .trustBoth || $0 == .serviceAccount && rotation.phase == .newLeaves
        }
        if isAhead, !turns.isEmpty { try await gates.otherPods(rotation, for: turns) }
    }

    private func credentials() async throws -> Credentials {
        try await Materials(spec: run.spec, console: console, places: Places()).credentials(dryRun: true)
    }

    /// The last look before what cannot be taken back.
    ///
    /// - Parameters:
    ///   - rotation: Where the store stands.
    ///   - proven: When the gates of that place had passed.
    /// - Throws: What stopped it.
    func beforeDistrust(_ rotation: Rotation, proven: ContinuousClock.Instant) async throws {
        try gates.nameLostAccess(rotation)
        let hasSoaked = try await wait()
        try await checkpoint(rotation, proven: hasSoaked ? nil : proven)
        let state = try store.trustState()
        try gates.requireNoLostAccess(rotation)
        if rotation.roots.contains(.encryption) {
            // A state of etcd that was put back meanwhile may hold Secrets under the key that goes with the next step.
            try await gates.encryptSecrets(rewriting: false, under: state.inForce(.encryption).issuing)
        }
        if rotation.roots.contains(.kubernetes), rotation.recovery == nil {
            try await gates.requireNoObjectsOfTheOld(state)
        }
        if rotation.roots.contains(.serviceAccount) {
            let generation = state.inForce(.serviceAccount).issuing
            try await gates.requireNoOldTokens(generation: generation)
            try await gates.deleteOldTokens(generation: generation)
        }
        try await rollout.requireReach()
        if run.context.isInterrupted { throw interruption }
    }

    /// Whoever is missing or behind after the soak would be locked out, so all are asked again.
    ///
    /// - Parameters:
    ///   - rotation: Where the store stands.
    ///   - proven: When the gates of that place had passed; `nil` where time was left since for something to show.
    /// - Throws: What stopped it.
    private func checkpoint(_ rotation: Rotation, proven: ContinuousClock.Instant?) async throws {
        let end = ContinuousClock.now + .seconds(Self.patience)
        while try await !isReady(rotation, isLast: ContinuousClock.now >= end) {
            if run.context.isInterrupted { throw interruption }
            try await Task.sleep(for: .seconds(5))
        }
        gates.tell("every host is there and as the plan wants it, etcd is whole")
        // Without a soak both have just been asked, and nothing has changed since.
        if proven.map({ $0.elapsedMilliseconds >= Self.freshness }) ?? true {
            try await gates.matrix(rotation, try store.trustState())
            try await gates.functions(rotation)
        }
        try store.record("\(rotation.id): the checkpoint before distrust is passed")
    }

    /// A question that nobody answers may be answered a moment later, as one that is answered wrongly.
    private func isReady(_ rotation: Rotation, isLast: Bool) async throws -> Bool {
        do {
            let refusals = try await rollout.checkpointRefusals(rotation, store)
            if isLast { try rollout.refuse(refusals) }
            return refusals.isEmpty
        } catch is CommandFailure where !isLast { return false } catch is TransportError where !isLast { return false }
    }

    /// Seconds; a node whose kubelet restarted a moment ago may be called NotReady once more.
    private static var patience: Int64 { 90 }
    /// Milliseconds for which an answer of the matrix counts as one of now.
    private static var freshness: Int { 60_000 }
    /// Seconds between the last reissue and distrust, where nothing else was asked for.
    static var usualSoak: Int64 { 3600 }

    /// Waits for the soak's end.
    ///
    /// - Returns: Whether any of it was left.
    /// - Throws: An interruption; `CredentialStoreError`.
    private func wait() async throws -> Bool {
        let state = try store.trustState()
        if let noSoak = state.rotation?.asked?.noSoak {
            try change { $0.soakSkipped = noSoak }
            try store.record("\(state.rotation?.id ?? "-"): the soak was left out: \(noSoak)")
            gates.tell("no soak: \(noSoak)")
            return false
        }
        let soak = state.rotation?.asked?.soak ?? Self.usualSoak
        let end = (state.rotation?.reissued ?? 0) + soak
        var hasWaited = false
        while true {
            let left = end - Int64(Date().timeIntervalSince1970)
            guard left > 0 else { return hasWaited }
            if run.context.isInterrupted { throw interruption }
            if !hasWaited || left % 300 < 2 { await look(left) }
            hasWaited = true
            try await Task.sleep(for: .seconds(min(2, left)))
        }
    }

    /// Hosts may reboot in the soak, and their locks with them.
    private func look(_ left: Int64) async {
        console.note("   soaking, \(left) s left; safe to stop and --resume")
        for refusal in await locks.renew() { gates.tell("‼ \(refusal)") }
    }
}
