import Foundation
import PKI
import ProvisionCore
import ProvisionEngine
import Templates

/// Brings hosts to what the store holds: plan, observe, lock, apply, and nothing less than success.
struct Rollout {
    let run: ClusterRun
    let verb: String
    let inventory: String
    /// Whether hosts stay locked, so that whoever has them locked gives them back.
    var keepsLocks = false

    /// What a roll-out did.
    struct Outcome: Sendable {
        var changes = 0
        /// `restart kube-apiserver.service` to how many hosts.
        var restarts: [String: Int] = [:]
    }

    /// A plan that nothing stands against, and hosts as they were seen; none has changed yet.
    struct Ready {
        let plan: Plan
        let observed: [ObservedLane]
    }

    /// What goes on once that which stopped it is mended.
    private var again: String {
        verb == "certs-rotate" ? Rotation.resume(inventory) : "provision apply \(inventory)"
    }

    /// Plans anew and applies.
    ///
    /// - Parameters:
    ///   - holdsLiving: Whether leaves stay as long as they live.
    ///   - needsAll: Whether nothing begins without every host of the inventory.
    ///   - editing: What is different from the plan that `apply` would make.
    /// - Returns: What was done; an empty outcome means that hosts were as wanted.
    /// - Throws: `CommandFailure` with the run's exit status.
    func perform(
        holdsLiving: Bool = false,
        needsAll: Bool = false,
        editing: (Plan) -> Plan = { $0 }
    ) async throws -> Outcome {
        try await perform(try await ready(holdsLiving: holdsLiving, needsAll: needsAll, editing: editing))
    }

    /// Plans anew and looks; what is refused here is refused before the first host has changed.
    func ready(
        holdsLiving: Bool = false,
        needsAll: Bool = false,
        editing: (Plan) -> Plan = { $0 }
    ) async throws -> Ready {
        let fresh = try await run.replanned(holdsLiving: holdsLiving)
        let plan = editing(fresh.plan)
        let observed = await run.executor.observe(plan)
        do {
            try RotationGuard.refuseStranger(observed)
            if needsAll { try refuse(RotationRefusal.missing(Self.unreachable(observed), inventory: inventory)) }
            try RotationGuard(fresh.spec, inventory: inventory)?.refuseNewcomers(observed, of: fresh.spec)
            try await refuseUpgrade(observed, fresh)
        } catch {
            await run.close(observed)
            throw error
        }
        return Ready(plan: plan, observed: observed)
    }

    /// Applies what was made ready.
    func perform(_ ready: Ready) async throws -> Outcome { try outcome(of: await apply(ready)) }

    /// The same; how it ended is the caller's to judge.
    func apply(_ ready: Ready) async -> RunReport {
        let report = await run.apply(ready.observed, ready.plan, verb: verb, keepsLocks: keepsLocks)
        await run.close(ready.observed)
        return report
    }

    /// Nothing less than success.
    func outcome(of report: RunReport) throws -> Outcome {
        if let holder = report.lockHolder {
            let remedy = "wait for it; if it is gone: provision lock release --run RUN \(inventory); then: \(again)"
            throw CommandFailure("locked: \(holder)", remedy: remedy, status: .lockHeld)
        }
        guard report.isAsWanted else {
            RunSummary(report: report).show(run.context.console)
            throw CommandFailure(
                "the roll-out stopped",
                remedy: "what was issued stays issued: mend what it says, then: \(again)",
                status: report.exitCode
            )
        }
        return Self.outcome(report)
    }

    /// Other versions need the order, the snapshot and the drains of an upgrade, which a roll-out of certificates has not.
    private func refuseUpgrade(_ observed: [ObservedLane], _ fresh: ClusterRun) async throws {
        let brings = observed.contains { lane in
            zip(lane.lane.resources, lane.verdicts).contains { resource, verdict in
                !verdict.isSame
                    && (resource.id.hasPrefix("package:") || verdict.actions.contains { $0.kind == .upload })
            }
        }
        guard brings, let upgrade = await UpgradeSurvey(run: fresh).read(observed),
            let change = upgrade.changes.first(where: \.movesVersion)
        else { return }
        throw CommandFailure(
            "versions would change beside it: \(change.component.rawValue) \(change.words) on \(change.host)",
            remedy: "put the versions of \(inventory) back to what runs; once this is done, apply upgrades",
            status: .refused
        )
    }

    /// Who left the inventory and is still a member would be passed by, and come back to a cluster that refuses it.
    func memberRefusals() async -> [RotationRefusal] {
        let observed = await run.executor.observe(run.plan)
        let change = await MembershipChange.find(run, observed: observed)
        await change.close()
        await run.close(observed)
        let names = change.departures.leaving.map(\.name)
        guard !names.isEmpty else { return [] }
        return [
            RotationRefusal(
                "\(names.joined(separator: ", ")) left the inventory, and not the cluster yet",
                remedy: "provision apply \(inventory) takes it out; then the same command again"
            )
        ]
    }

    func requireMembers() async throws { try refuse(await memberRefusals()) }

    private static func outcome(_ report: RunReport) -> Outcome {
        var outcome = Outcome(changes: report.changes)
        for action in report.lanes.flatMap(\.done) where [.restart, .reload, .start].contains(action.kind) {
            outcome.restarts[action.title, default: 0] += 1
        }
        return outcome
    }

    /// Refuses, with every reason, where a cluster is not in a state that may be changed at its root.
    func requireSteady(
        _ roots: [TrustRoot],
        _ store: CredentialStore,
        besides ended: EndedLeaves = EndedLeaves()
    ) async throws {
        try refuse(await steadyRefusals(roots, store, besides: ended))
    }

    func refuse(_ refusals: [RotationRefusal]) throws {
        guard let last = refusals.last else { return }
        for refusal in refusals.dropLast() {
            run.context.console.problem(refusal.reason, remedy: refusal.remedy)
        }
        throw CommandFailure(last.reason, remedy: last.remedy, status: .refused)
    }

    /// Every reason why a cluster is not in a state that may be changed at its root.
    func steadyRefusals(
        _ roots: [TrustRoot],
        _ store: CredentialStore,
        besides ended: EndedLeaves = EndedLeaves()
    ) async throws -> [RotationRefusal] {
        let seen = try await seen(roots, store, besides: ended)
        return RotationRefusal.judge(run.spec, roots: roots, seen, inventory: inventory)
    }

    /// Every reason why a rotation in progress must not pass a checkpoint, as hosts are now.
    func checkpointRefusals(_ rotation: Rotation, _ store: CredentialStore) async throws -> [RotationRefusal] {
        // A leaf that came of age meanwhile is no difference.
        let fresh = Rollout(run: try await run.replanned(holdsLiving: true), verb: verb, inventory: inventory)
        let seen = try await fresh.seen(rotation.roots, store, besides: EndedLeaves(), asksRequests: false)
        return RotationRefusal.checkpoint(run.spec, seen, inventory: inventory)
    }

    /// Refuses where a host is missing now: the shortest question that there is.
    func requireReach() async throws {
        let scripts = HostScripts(connector: run.connector)
        let answers = await scripts.gather(run.spec.hosts) { _ in
            "true"
        } read: { _, _ in
            true
        }
        let lost = answers.compactMapValues { answer -> String? in
            guard case .failure(let failure) = answer else { return nil }
            return failure.summary
        }
        try refuse(RotationRefusal.missing(lost, inventory: inventory))
    }

    private static func unreachable(_ observed: [ObservedLane]) -> [String: String] {
        observed.reduce(into: [:]) { $0[$1.lane.host.name] = $1.failure?.summary }
    }

    private func seen(
        _ roots: [TrustRoot],
        _ store: CredentialStore,
        besides ended: EndedLeaves,
        asksRequests: Bool = true
    ) async throws -> Unsteadiness {
        let observed = await run.executor.observe(run.plan)
        // Only clocks are looked at: the other facts cost each host a call to every port of its peers, and etcd's disk writes.
        let facts = await FactsGathering.gather(observed, of: run.spec, isComparison: true)
        await run.close(observed)
        try RotationGuard.refuseStranger(observed)
        var seen = Unsteadiness()
        seen.unreachable = Self.unreachable(observed)
        seen.drift = observed.reduce(into: [:]) { drift, lane in
            let different = zip(lane.lane.resources, lane.verdicts).filter { !$1.isSame }.map(\.0)
            drift[lane.lane.host.name] = different.filter { !ended.explain($0, on: lane.lane.host.name) }.map(\.id)
        }
        seen.clocks = facts.facts.mapValues(\.clockOffset)
        if !roots.isEmpty, seen.unreachable.isEmpty {
            seen.strangers = try await strangers(observed, store)
            seen.ending = try ending(roots, store)
            if seen.drift.values.allSatisfy(\.isEmpty) { try await askCluster(&seen, asksRequests) }
        }
        return seen
    }

    private func strangers(_ observed: [ObservedLane], _ store: CredentialStore) async throws -> [String] {
        let hosts = TrustGuard.changing(observed, in: run.spec)
        guard !hosts.isEmpty else { return [] }
        let trust = TrustGuard(spec: run.spec, store: store, connector: run.connector, inventory: inventory)
        let position = try await trust.position(of: hosts)
        guard case .refuse(let why) = position.decide(try store.trustState()) else { return [] }
        return why
    }

    /// Leaves that end within a day, and neither with their authority nor because they never live longer.
    private func ending(_ roots: [TrustRoot], _ store: CredentialStore) throws -> [String] {
        let now = Int64(Date().timeIntervalSince1970)
        return try CertificateRequests.leaves(of: run.spec).filter { profile in
            guard !roots.contains(where: { $0.rawValue == profile.issuer }), let pair = try store.stored(profile)
            else { return false }
            return try CertificateFacts(pem: pair.certificate).notAfter - now < min(86_400, profile.lifetime / 3)
        }.map(\.identifier)
    }

    private func askCluster(_ seen: inout Unsteadiness, _ asksRequests: Bool) async throws {
        let scripts = HostScripts(connector: run.connector)
        func lines(_ script: String, _ host: HostSpec?, _ prefix: String) async throws -> [String] {
            guard let host else { return [] }
            let remedy = "provision status \(inventory)"
            let words = try await scripts.require(script, on: host, attempted: "see what is pending", remedy: remedy)
            return words.split(separator: "\n").filter { $0.hasPrefix(prefix) }.map {
                String($0.dropFirst(prefix.count))
            }
        }
        let member = run.spec.hosts(.etcd).first
        let address = member?.internalAddress.description ?? ""
        seen.pendingRequests = try await lines(
            RotationScripts.pendingRequests,
            asksRequests ? run.spec.hosts(.controller).first : nil,
            "request "
        )
        seen.etcd = try await lines(RotationScripts.etcdTroubles(address: address), member, "etcd ")
    }
}
