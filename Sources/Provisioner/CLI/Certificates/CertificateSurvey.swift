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

    var rows: [Row] = []
    /// Authorities by name: every certificate that is in force.
    var authorities: [(name: String, facts: CertificateFacts)] = []
    /// What belongs to no certificate of the catalog: silent endpoints.
    var others: [(host: String, finding: CertificateFinding)] = []
    var state = TrustState()
    let now: Int64

    var hasProblems: Bool { !others.isEmpty || rows.contains { !$0.findings.isEmpty } }

    /// Reads the store, then every host in one round trip each.
    static func take(
        _ spec: ClusterSpec,
        inventory: String,
        within: Int64,
        scripts: HostScripts?,
        console: Console
    ) async throws -> CertificateSurvey {
        let now = Int64(Date().timeIntervalSince1970)
        var survey = CertificateSurvey(now: now)
        let materials = Materials(spec: spec, console: console, places: Places())
        let store = try materials.store(dryRun: true)
        survey.state = try store.trustState()
        let credentials = try await materials.credentials(dryRun: true)
        survey.authorities = try authorities(credentials)
        let catalog = CertificateCatalog.certificates(of: spec)
        let stored = try Self.stored(catalog, spec, store, credentials)
        let judge = CertificateJudge(stored: stored, now: now, within: within, inventory: inventory)
        let answers = await scripts?.gather(spec.hosts) {
            CertificateInspection(spec: spec, host: $0).script
        } read: {
            CertificateInspection(spec: spec, host: $0).answer($1)
        }
        for entry in catalog {
            let answer = entry.host.flatMap { answers?[$0] }.flatMap { try? $0.get() }
            var findings = judge.findings(entry, answer)
            if answers == nil { findings.removeAll { $0.kind == .hostNotReached } }
            survey.rows.append(Row(entry: entry, facts: stored[entry.identifier]?.facts, findings: findings))
        }
        for host in spec.hosts {
            guard case .success(let answer?)? = answers?[host.name] else { continue }
            let silent = judge.silent(CertificateInspection(spec: spec, host: host), answer)
            survey.others += silent.map { (host.name, $0) }
        }
        return survey
    }

    private static func stored(
        _ catalog: [CatalogCertificate],
        _ spec: ClusterSpec,
        _ store: CredentialStore,
        _ credentials: Credentials
    ) throws -> [String: CertificateJudge.Stored] {
        let profiles = Dictionary(CertificateRequests.leaves(of: spec).map { ($0.identifier, $0) }) { first, _ in first
        }
        return try catalog.reduce(into: [:]) { stored, entry in
            guard let profile = profiles[entry.identifier], let pair = try store.stored(profile),
                let leaf = credentials.leaves[entry.identifier]
            else { return }
            stored[entry.identifier] = try CertificateJudge.Stored(
                entry,
                certificate: pair.certificate,
                key: pair.key.reveal(),
                decision: leaf.decision
            )
        }
    }

    private static func authorities(_ credentials: Credentials) throws -> [(String, CertificateFacts)] {
        try credentials.authorities.sorted { $0.key < $1.key }.flatMap { name, bundle in
            try String(decoding: bundle, as: UTF8.self).split(separator: "-----BEGIN").map {
                (name, try CertificateFacts(pem: Array("-----BEGIN\($0)".utf8)))
            }
        }
    }
}
