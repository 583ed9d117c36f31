import ArgumentParser
import Foundation
import PKI
import ProvisionCore
import ProvisionEngine

/// `provision certs rotate`: replaces an authority or a key while the cluster serves.
struct CertsRotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Replace an authority or a key with the next generation; shows its stages unless --apply.",
        usage: "provision certs rotate [<options>] [<what>] <inventory>",
        discussion: """
            EXAMPLES:
              provision certs rotate ca inventory.yaml   # stages, and what is against it
              provision certs rotate ca -o json inventory.yaml   # the same for programs
              provision certs rotate ca --apply inventory.yaml
              provision certs rotate all --apply --until new-leaves inventory.yaml
              provision certs rotate ca --apply --stage trust-both inventory.yaml
              provision certs rotate --resume --apply inventory.yaml
              provision certs rotate --rollback --apply inventory.yaml   # before distrust
              provision certs rotate etcd-ca --apply --no-soak 'a test' inventory.yaml
              provision certs rotate --resume --apply \\
                  --accept-lost-access 'all have new ones' inventory.yaml
              provision certs rotate --offline --apply inventory.yaml   # authorities ended

            --resume goes on in the direction in which it was going, with what was asked for at its beginning; options \
            that are given anew win.

            Exit status: 0 done, 3 partly, 5 a host is locked, or another process rotates, 6 a gate did not pass, 7 a \
            connection was lost in one, 8 refused, 130 interrupted. Each says where the rotation stands.
            """
    )

    @Argument(
        help:
            "service-account, encryption-key, front-proxy-ca, ca, etcd-ca or all (none with --resume, --rollback, --offline); then the inventory."
    )
    var words: [String]

    @OptionGroup var input: InputOptions

    @OptionGroup var output: OutputOptions

    @Flag(name: .long, help: "Do it; otherwise only show it.")
    var apply = false

    @Flag(name: .long, help: "Go on with the rotation that is in progress.")
    var resume = false

    @Flag(name: .long, help: "Take the rotation in progress back; possible before distrust.")
    var rollback = false

    @Option(name: .long, help: "Stop after this stage.")
    var until: StoppingStage?

    @Option(name: .long, help: "Exactly this stage, which must be the next one.")
    var stage: SingleStage?

    @Option(
        name: .long,
        help: "Time between the last reissue and distrust, for example 4h. (default: 1h)",
        transform: TimeSpan.read
    )
    var soak: TimeSpan?

    @Option(name: .long, help: "Leave the soak out; the reason is recorded.")
    var noSoak: String?

    @Option(name: .long, help: "Keep no private key that is replaced; the reason is recorded.")
    var destroyOld: String?

    @Option(
        name: .long,
        help: "Let people lose their access whose kubeconfigs live by the old authority alone; the reason is recorded."
    )
    var acceptLostAccess: String?

    @Flag(
        name: .long,
        help:
            "Authorities have ended and no API answers: replaces exactly those, by SSH and the credential store alone."
    )
    var offline = false

    @Flag(name: .long, help: "Also restart pods outside of kube-system, where they must read a new authority or token.")
    var restartPods = false

    @OptionGroup var format: FormatOptions

    func run() async throws {
        let console = output.console
        try await reporting(console) { try await run(console) }
    }

    /// The inventory comes last; what is rotated stands before it.
    var options: InventoryOptions { InventoryOptions(words.last ?? "", noInput: input.noInput) }

    var target: RotationTarget? { words.count > 1 ? words.first.flatMap { RotationTarget(rawValue: $0) } : nil }

    func validate() throws {
        if stage != nil, until != nil || rollback || offline {
            throw ValidationError("--stage goes with none of --until, --rollback and --offline")
        }
        if until != nil, rollback { throw ValidationError("--rollback goes to its end, without --until") }
        if [noSoak, destroyOld, acceptLostAccess].contains("") {
            throw ValidationError("--no-soak, --destroy-old and --accept-lost-access take a reason")
        }
        if format.isJSON, apply || offline {
            throw ValidationError("-o json shows what would be done: it goes with neither --apply nor --offline")
        }
        if offline, rollback || words.count == 2 {
            throw ValidationError("--offline takes no target and no --rollback: it replaces what has ended")
        }
        guard words.count <= 2, !words.isEmpty else { throw ValidationError("give what to rotate, and the inventory") }
        if words.count == 1, RotationTarget(rawValue: words[0]) != nil,
            !FileManager.default.fileExists(atPath: Places.absolute(words[0]))
        {
            throw ValidationError("\(words[0]): of which cluster? provision certs rotate \(words[0]) INVENTORY")
        }
        if words.count == 2, target == nil {
            let known = RotationTarget.allCases.map(\.rawValue)
            let near = NearestName.of(words[0], among: known).map { "; did you mean \($0)?" } ?? ""
            throw ValidationError("\(words[0]) cannot be rotated\(near). Known are \(known.joined(separator: ", ")).")
        }
    }

    private func run(_ console: Console) async throws {
        let options = options
        let inventory = try LoadedInventory(options.inventory, console: console)
        let materials = Materials(spec: inventory.spec, console: console, places: Places(), mayAsk: !input.noInput)
        let state = try materials.store(dryRun: true).trustState()
        if offline { return try await recover(inventory, materials, state, console) }
        if let ended = state.ended, resume || rollback, !format.isJSON {
            return try conclude(ended, materials, console)
        }
        let roots = state.rotation?.roots ?? target?.roots(inventory.spec) ?? []
        var view = RotationView(roots: roots, rotation: state.rotation, spec: inventory.spec)
        view.takesBack = rollback
        view.people = people(try materials.store(dryRun: true), state)
        if format.isJSON { return try await showDocument(view, materials, console) }
        try refuseAtOnce(view)
        // Hosts are asked after the stages were shown: what keeps them from it is said first.
        if apply || state.rotation == nil {
            try await LabGuard.check(inventory.spec, Places(), inventory: options.inventory)
        }
        view.lines.forEach(console.result)
        guard apply else {
            if state.rotation == nil { try await sayWhetherItMayBegin(roots, materials, console) }
            return console.note("nothing was done; add --apply")
        }
        let run = try await prepared(view, materials, console)
        // Without an API nobody can be taken out.
        if state.rotation?.recovery == nil {
            try await Rollout(run: run, verb: "certs-rotate", inventory: options.inventory).requireMembers()
        }
        let store = try materials.store(dryRun: false)
        let lock = try store.lockForRotation()
        try store.askAhead(for: resume || rollback ? .opening : .sealing)
        let rotation = rotationRun(run, store)
        try await rotation.underLocks { try await turn(rotation, roots) }
        withExtendedLifetime(lock) {}
    }

    private func turn(_ rotation: RotationRun, _ roots: [TrustRoot]) async throws {
        if try rollback || rotation.isRollingBack() { return try await rotation.back() }
        if !resume { try await rotation.begin(roots, name: target?.rawValue ?? "roots") }
        try await rotation.forward()
    }

    private func people(_ store: CredentialStore, _ state: TrustState) -> Int? {
        let old = state.settled(.kubernetes)
        return (try? store.lostAccess(going: old, staying: old + 1))?.count
    }

    /// What begins is only looked at: until nothing stands against it the store stays as it is.
    private func prepared(
        _ view: RotationView,
        _ materials: Materials,
        _ console: Console
    ) async throws -> ClusterRun {
        let roots = view.roots
        guard resume || rollback else {
            try StoreGuard.requireCluster(materials.spec, console)
            try ClusterRun.requireReadable(materials.spec, false, console)
            let rollout = try await lookingRollout(roots, console)
            try await sayWhatIsDue(materials, console)
            return rollout.run
        }
        // The way back needs nothing of a generation that it leaves and that nobody here can issue from.
        let isBack = rollback || view.rotation?.isRollingBack == true
        let lacksKey = isBack ? try materials.store(dryRun: true).lacksKey(of: roots) : false
        return try await ClusterRun.prepare(
            "certs-rotate",
            options,
            console: console,
            RunRequest(holdsLiving: lacksKey, replacing: roots)
        )
    }

    private func sayWhatIsDue(_ materials: Materials, _ console: Console) async throws {
        for refusal in try await due(materials) { console.problem(refusal.reason, remedy: refusal.remedy) }
    }

    private func due(_ materials: Materials) async throws -> [RotationRefusal] {
        let store = try materials.store(dryRun: true)
        return try await DueLeaves(spec: materials.spec, store: store, inventory: options.inventory).refusals()
    }

    /// Read-only: every refusal that `--apply` would meet.
    private func sayWhetherItMayBegin(_ roots: [TrustRoot], _ materials: Materials, _ console: Console) async throws {
        let rollout = try await lookingRollout(roots, console)
        let store = try materials.store(dryRun: true)
        try await sayWhatIsDue(materials, console)
        try await rollout.requireMembers()
        try await rollout.requireSteady(roots, store)
        try await RotationRun.requireAnswers(store, rollout.run.spec, roots)
        console.result("nothing stands against it")
    }

    private func lookingRollout(_ roots: [TrustRoot], _ console: Console) async throws -> Rollout {
        let request = RunRequest(dryRun: true, replacing: roots, onlyAsks: !apply)
        let run = try await ClusterRun.prepare("certs-rotate", options, console: console, request)
        return Rollout(run: run, verb: "certs-rotate", inventory: options.inventory)
    }

    /// The same for programs, who get the stages also where it is refused.
    private func showDocument(_ view: RotationView, _ materials: Materials, _ console: Console) async throws {
        var view = view
        view.refusals = try await refusals(view, materials, console)
        console.result(view.json())
        guard view.refusals.isEmpty else { throw ExitStatus.refused.code }
    }

    private func refusals(
        _ view: RotationView,
        _ materials: Materials,
        _ console: Console
    ) async throws -> [RotationRefusal] {
        var found: [RotationRefusal] = []
        do {
            try refuseAtOnce(view)
            guard view.rotation == nil else { return found }
            let rollout = try await lookingRollout(view.roots, console)
            let store = try materials.store(dryRun: true)
            found += await rollout.memberRefusals()
            found += try await due(materials)
            found += try await rollout.steadyRefusals(view.roots, store)
            try await RotationRun.requireAnswers(store, view.spec, view.roots)
        } catch let failure as CommandFailure where failure.status == .refused {
            found.append(RotationRefusal(failure.message, remedy: failure.remedy))
        } catch let error as CredentialStoreError {
            found.append(RotationRefusal("\(error.subject): \(error.reason)", remedy: error.remedy))
        }
        return found
    }

    /// Only what is given: what was asked for before stays.
    var asked: Rotation.Asked {
        Rotation.Asked(
            until: stage?.phase ?? until?.phase,
            soak: soak?.seconds,
            noSoak: noSoak,
            destroyOld: destroyOld,
            restartsPods: restartPods ? true : nil,
            lostAccess: acceptLostAccess
        )
    }

    func rotationRun(_ run: ClusterRun, _ store: CredentialStore) -> RotationRun {
        RotationRun(run: run, opened: store, inventory: options.inventory, asked: asked)
    }

    /// One that was cut off after its last step: no host is asked for what is left.
    private func conclude(_ ended: Rotation, _ materials: Materials, _ console: Console) throws {
        console.result("\(ended.id) has ended; what only it needed goes from the store")
        if apply {
            let store = try materials.store(dryRun: false)
            let lock = try store.lockForRotation()
            if let line = try store.conclude() { console.result(line) }
            withExtendedLifetime(lock) {}
        } else {
            console.note("nothing was done; add --apply")
        }
        guard rollback, ended.phase == .distrust else { return }
        throw CommandFailure(
            "\(ended.id) is done, and the old generation distrusted: there is no way back",
            remedy: "rotate again if the new one is bad",
            status: .refused
        )
    }
}
