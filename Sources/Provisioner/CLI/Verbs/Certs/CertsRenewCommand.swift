import ArgumentParser
import Foundation
import PKI
import ProvisionCore
import ProvisionEngine
import Templates

/// `provision certs renew`: new leaves of the authorities in force.
struct CertsRenewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "renew",
        abstract: "Issue leaves anew and roll them out, one control plane host at a time.",
        discussion: """
            EXAMPLES:
              provision certs renew --expiring-within 30d inventory.yaml
              provision certs renew --host controller-1 inventory.yaml
              provision certs renew --role worker inventory.yaml
              provision certs renew --certificate apiserver@controller-0 inventory.yaml
              provision certs renew --store-only --expiring-within 90d inventory.yaml
              provision certs renew --offline inventory.yaml   # everything has ended

            One of --host, --role, --certificate and --expiring-within says which leaves; --offline without any takes those \
            that have ended.

            Exit status: 0 done or nothing to do, 1 not done, or the answer was no, 3 partly rolled out, 5 a host or the store is \
            locked by another run, 6 a gate did not pass, or a certificate is not in use; what did not come into use was put back, 7 a \
            connection was lost in a step, 8 refused by a safety rule, 64 usage, 78 inventory invalid, 130 interrupted.
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: "Every leaf of this host.")
    var host: [String] = []

    @Option(name: .long, help: "Every leaf of hosts with this role: loadBalancer, etcd, controller, worker.")
    var role: [String] = []

    @Option(name: .long, help: "This leaf, by its identifier.")
    var certificate: [String] = []

    @Option(name: .long, help: "Every leaf that ends within this time, for example 30d.", transform: TimeSpan.read)
    var expiringWithin: TimeSpan?

    @Flag(name: .long, help: "No API answers: SSH and the credential store alone, services restarted without rolling.")
    var offline = false

    @Flag(name: .long, help: "Issue in the credential store and touch no host; the next apply rolls them out.")
    var storeOnly = false

    @Flag(name: [.short, .long], help: "Do not ask.")
    var yes = false

    func validate() throws {
        let isChosen = !host.isEmpty || !role.isEmpty || !certificate.isEmpty || expiringWithin != nil
        guard !isChosen, !offline else { return }
        throw ValidationError(
            "say which leaves: --expiring-within 30d, --host HOST, --role ROLE or --certificate ID"
        )
    }

    func run() async throws {
        let console = output.console
        try await reporting(console) { try await run(console) }
    }

    private func run(_ console: Console) async throws {
        let inventory = try LoadedInventory(options.inventory, console: console)
        try StoreGuard.requireCluster(inventory.spec, console)
        let materials = Materials(spec: inventory.spec, console: console, places: Places(), mayAsk: !options.noInput)
        let store = try materials.store(dryRun: false)
        let profiles = try chosen(inventory.spec, store)
        guard !profiles.isEmpty || offline else { return console.result("no certificate is to be renewed") }
        let names = profiles.prefix(20).map(\.identifier).joined(separator: ", ")
        let more = profiles.count > 20 ? " and \(profiles.count - 20) more" : ""
        console.note(profiles.isEmpty ? "nothing ends; hosts follow the store" : "to be renewed: \(names)\(more)")
        try confirm(console)
        let renewed = "\(counted(profiles.count, "certificate")) renewed"
        if storeOnly {
            let lock = try store.lockForRotation()
            try await store.renew(profiles, authorities: CertificateRequests.authorities(of: inventory.spec))
            withExtendedLifetime(lock) {}
            return console.result("\(renewed) in the store; provision apply rolls out what is new there")
        }
        let lock = try store.lockForRotation()
        try ClusterRun.requireReadable(inventory.spec, false, console)
        // A plan of what the store holds, whatever its age: until nothing stands against it nothing is issued.
        let request = RunRequest(dryRun: true, holdsLiving: true)
        let run = try await ClusterRun.prepare("certs-renew", options, console: console, request)
        let rollout = Rollout(run: run, verb: "certs-renew", inventory: options.inventory)
        try await permit(rollout, store)
        try DueLeaves(spec: run.spec, store: store, inventory: options.inventory)
            .refuseUnsigned(endedLeaves(run.spec, store).map(\.profile), besides: profiles)
        let earlier = try store.earlier(profiles)
        try await store.renew(profiles, authorities: CertificateRequests.authorities(of: inventory.spec))
        let outcome: Rollout.Outcome
        do {
            outcome = try await rollout.perform(holdsLiving: true) { offline ? OfflinePlan.make(from: $0) : $0 }
            try await prove(profiles.map(\.identifier), run, console)
        } catch let failure as CommandFailure {
            throw try await undone(failure, earlier, rollout, store)
        }
        withExtendedLifetime(lock) {}
        let restarts = outcome.restarts.sorted { $0.key < $1.key }.map { "\($0.key) x\($0.value)" }
        let changes = counted(outcome.changes, "change")
        console.result("\(renewed), \(changes); \(restarts.joined(separator: ", "))")
    }

    /// Nobody is asked where nobody looks.
    private func confirm(_ console: Console) throws {
        guard !yes, !options.noInput, console.isInteractive else { return }
        try Confirmation(
            command: "provision certs renew \(options.inventory)",
            preview: "provision certs forecast \(options.inventory)"
        ).ask("Go on?", canAsk: console.canAsk)
    }

    private func permit(_ rollout: Rollout, _ store: CredentialStore) async throws {
        let run = rollout.run
        guard offline else {
            return try await rollout.requireSteady([], store, besides: ended(run.spec, store))
        }
        let access = OfflineAccess(spec: run.spec, connector: run.connector, inventory: options.inventory)
        try await access.requireSilence()
        try await access.requireClocks()
    }

    /// What has ended explains why somebody does not answer: that is no reason to refuse what mends it.
    private func ended(_ spec: ClusterSpec, _ store: CredentialStore) throws -> EndedLeaves {
        EndedLeaves(try endedLeaves(spec, store).map(\.entry))
    }

    private func endedLeaves(
        _ spec: ClusterSpec,
        _ store: CredentialStore
    ) throws -> [(entry: CatalogCertificate, profile: CertificateProfile)] {
        let now = Int64(Date().timeIntervalSince1970)
        let leaves = zip(CertificateCatalog.certificates(of: spec), CertificateRequests.leaves(of: spec))
        return try leaves.filter { try ends($1, before: now, store) }.map { (entry: $0, profile: $1) }
    }

    private func ends(_ profile: CertificateProfile, before limit: Int64, _ store: CredentialStore) throws -> Bool {
        guard let pair = try store.stored(profile), let facts = try? CertificateFacts(pem: pair.certificate) else {
            return false
        }
        return facts.notAfter < limit
    }

    /// What did not come into use is put back; an interrupted or locked roll-out is for the next apply.
    private func undone(
        _ failure: CommandFailure,
        _ earlier: [CredentialStore.EarlierLeaf],
        _ rollout: Rollout,
        _ store: CredentialStore
    ) async throws -> CommandFailure {
        guard !offline, failure.status != .interrupted, failure.status != .lockHeld else {
            let remedy = "what was issued stays issued; provision apply \(options.inventory) rolls it out"
            return CommandFailure(failure.message, remedy: remedy, status: failure.status)
        }
        return try await RenewalUndo(rollout: rollout, store: store, earlier: earlier).perform(after: failure)
    }

    private func chosen(_ spec: ClusterSpec, _ store: CredentialStore) throws -> [CertificateProfile] {
        let catalog = CertificateCatalog.certificates(of: spec)
        let roles = try role.map { name in
            guard let role = Role(rawValue: name) else {
                throw CommandFailure(
                    "--role \(name): no such role",
                    remedy: "use loadBalancer, etcd, controller or worker",
                    status: .usage
                )
            }
            return role
        }
        for name in host where !spec.hosts.contains(where: { $0.name == name }) {
            throw CommandFailure(
                "--host \(name): no such host",
                remedy: spec.hosts.map(\.name).joined(separator: ", "),
                status: .usage
            )
        }
        for name in certificate where !catalog.contains(where: { $0.identifier == name }) {
            let near = NearestName.of(name, among: catalog.map(\.identifier)).map { "; did you mean \($0)?" } ?? ""
            throw CommandFailure(
                "--certificate \(name): no such certificate\(near)",
                remedy: "provision certs list",
                status: .usage
            )
        }
        let hosts = Set(spec.hosts.filter { !$0.roles.isDisjoint(with: roles) }.map(\.name) + host)
        // Offline, and without a choice, everything that has ended.
        let span = expiringWithin?.seconds ?? (offline ? 0 : nil)
        let limit = span.map { Int64(Date().timeIntervalSince1970) + $0 }
        let entries = Dictionary(catalog.map { ($0.identifier, $0) }) { first, _ in first }
        return try CertificateRequests.leaves(of: spec).filter { profile in
            let isNamed = entries[profile.identifier]?.host.map(hosts.contains) ?? false
            if isNamed || certificate.contains(profile.identifier) { return true }
            return try limit.map { try ends(profile, before: $0, store) } ?? false
        }
    }

    /// The handshakes must show what the store holds.
    private func prove(_ names: [String], _ run: ClusterRun, _ console: Console) async throws {
        let survey = try await CertificateSurvey.take(
            run.spec,
            inventory: options.inventory,
            within: 0,
            scripts: HostScripts(connector: run.connector),
            console: console
        )
        let ill = survey.rows.compactMap { row -> (name: String, finding: CertificateFinding)? in
            guard offline || names.contains(row.entry.identifier) else { return nil }
            return row.findings.first(where: \.kind.preventsUse).map { (row.entry.identifier, $0) }
        }
        guard let first = ill.first else {
            return console.note("every renewed certificate is on its host's disk and in its endpoint's handshake")
        }
        throw CommandFailure(
            "\(counted(ill.count, "certificate is", "certificates are")) not in use: \(first.name): \(first.finding.text)",
            remedy: first.finding.remedy,
            status: .gateFailed
        )
    }
}
