import Foundation
import PKI
import ProvisionCore
import ProvisionEngine
import Templates

/// Every certificate of a cluster in its three places, with what is wrong with it.
struct CertificateSurvey {
    struct Row {
        var entry: CatalogCertificate
        var facts: CertificateFacts?
        var findings: [CertificateFinding]
    }

    /// A key without a certificate, which has no end.
    struct Key {
        var root: TrustRoot
        var generation: Int
        /// Whether it signs or encrypts; one that does not is still accepted.
        var isIssuing: Bool

        /// What must restart where it changes.
        var restarts: [String] {
            root == .serviceAccount ? ["kube-apiserver", "kube-controller-manager"] : ["kube-apiserver"]
        }
    }

    var rows: [Row] = []
    var keys: [Key] = []
    /// Authorities by name: every certificate that is in force.
    var authorities: [(name: String, facts: CertificateFacts)] = []
    /// What belongs to no certificate of the catalog: silent endpoints, authorities.
    var others: [(host: String, finding: CertificateFinding)] = []
    /// Who was given a kubeconfig whose certificate lives.
    var people: [IssuedIdentity] = []
    var state = TrustState()
    let now: Int64

    private var newestAuthorities: [String: CertificateFacts] {
        Dictionary(authorities.map { ($0.name, $0.facts) }) { $0.notAfter > $1.notAfter ? $0 : $1 }
    }

    var hasProblems: Bool { !others.isEmpty || rows.contains { !$0.findings.isEmpty } }

    /// Reads the store, then every host in one round trip each.
    static func take(
        _ spec: ClusterSpec,
        inventory: String,
        within: Int64?,
        scripts: HostScripts?,
        console: Console
    ) async throws -> CertificateSurvey {
        let now = Int64(Date().timeIntervalSince1970)
        var survey = CertificateSurvey(now: now)
        let materials = Materials(spec: spec, console: console, places: Places())
        let store = try materials.store(dryRun: true)
        survey.state = try store.trustState()
        survey.keys = try keys(of: spec, store, survey.state)
        // A list that is damaged keeps nobody from looking at certificates.
        survey.people = ((try? store.issuedIdentities()) ?? []).filter { $0.notAfter > now }
        let profiles = CertificateRequests.leaves(of: spec)
        let issuers = CertificateRequests.authorities(of: spec)
        survey.authorities = try issuers.sorted { $0.name < $1.name }.flatMap { profile in
            try store.accepted(profile).map { (profile.name, $0) }
        }
        let inspected = try await store.inspect(profiles, authorities: issuers)
        let catalog = CertificateCatalog.certificates(of: spec)
        let stored = catalog.reduce(into: [:]) { stored, entry in
            stored[entry.identifier] = inspected[entry.identifier].map { CertificateJudge.Stored(entry, $0) }
        }
        let newest = survey.newestAuthorities
        let judge = CertificateJudge(
            stored: stored,
            now: now,
            within: within,
            inventory: inventory,
            authorityEnds: newest.mapValues(\.notAfter)
        )
        survey.others += newest.sorted { $0.key < $1.key }.compactMap { name, facts in
            judge.authority(name, facts).map { (name, $0) }
        }
        let inspections = scripts == nil ? [:] : inspections(spec, catalog)
        let answers = await scripts?.gather(spec.hosts) {
            inspections[$0.name]?.script ?? ""
        } read: {
            inspections[$0.name]?.answer($1)
        }
        for entry in catalog {
            let answer = entry.host.flatMap { answers?[$0] }.flatMap { try? $0.get() }
            var findings = judge.findings(entry, answer)
            if answers == nil { findings.removeAll { $0.kind == .hostNotReached } }
            survey.rows.append(Row(entry: entry, facts: stored[entry.identifier]?.facts, findings: findings))
        }
        let trust = TrustReading(
            known: try TrustRoot.allCases.reduce(into: [:]) { known, root in
                known[root] = try store.generations(of: root, profile: issuers.first { $0.name == root.rawValue })
            }
        )
        for host in spec.hosts {
            guard case .success(let answer?)? = answers?[host.name], let inspection = inspections[host.name] else {
                continue
            }
            let sights = trust.sights(inspection, answer, host: host.name)
            let found =
                judge.silent(inspection, answer) + judge.loadBalanced(inspection, answer)
                + judge.trust(sights, survey.state)
                + judge.keys(inspection, answer, known: trust.digests(of: .serviceAccount))
            survey.others += found.map { (host.name, $0) }
        }
        return survey
    }

    private static func keys(of spec: ClusterSpec, _ store: CredentialStore, _ state: TrustState) throws -> [Key] {
        let roots = TrustRoot.allCases.filter { !$0.isAuthority }
        return try roots.filter { $0 != .encryption || spec.features.encryption != .none }.flatMap { root -> [Key] in
            let force = state.inForce(root)
            let held = Set(try store.generations(of: root).map(\.number))
            return force.accepted.filter(held.contains).map {
                Key(root: root, generation: $0, isIssuing: $0 == force.issuing)
            }
        }
    }

    private static func inspections(
        _ spec: ClusterSpec,
        _ catalog: [CatalogCertificate]
    ) -> [String: CertificateInspection] {
        spec.hosts.reduce(into: [:]) { $0[$1.name] = CertificateInspection(host: $1, spec: spec, catalog: catalog) }
    }
}
