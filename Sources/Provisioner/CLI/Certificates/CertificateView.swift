import PKI
import ProvisionCore
import Templates

/// A survey as people and programs read it.
struct CertificateView {
    let survey: CertificateSurvey

    /// One line per authority and key, then per certificate, the first to end first.
    func table() -> String {
        let authorities = survey.authorities.map {
            [$0.facts.commonName, $0.facts.commonName, "itself", days($0.facts), "-", "trusted by all"]
        }
        let rows = survey.rows.sorted { ($0.facts?.notAfter ?? 0) < ($1.facts?.notAfter ?? 0) }.map { row in
            let state = row.findings.isEmpty ? "well" : row.findings.map(\.kind.rawValue).joined(separator: " ")
            let consumers = row.entry.consumers.filter { !$0.isEmpty }.map { $0.replacing(".service", with: "") }
            return [
                row.entry.identifier, row.entry.subject.commonName, row.facts?.issuerName ?? "-",
                row.facts.map(days) ?? "-", consumers.isEmpty ? "-" : consumers.joined(separator: " "), state,
            ]
        }
        let keys = survey.keys.map { key in
            [name(key), "a key", "-", "-", restarts(key.root).joined(separator: " "), use(key)]
        }
        let people = survey.people.sorted { $0.notAfter < $1.notAfter }.map {
            [
                "given out", Sanitised.text($0.holder, limit: 60), $0.issuerName, daysLeft(until: $0.notAfter), "-",
                "lives",
            ]
        }
        let title = ["CERTIFICATE", "SUBJECT", "ISSUER", "DAYS", "RESTARTS", "STATE"]
        let all = [title] + authorities + keys + rows + people
        let widths = (0..<6).map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            var line = zip(row, widths).map { $0.padding(to: $1) }.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }

    private func name(_ key: CertificateSurvey.Key) -> String { "\(key.root.rawValue)-g\(key.generation)" }

    private func restarts(_ root: TrustRoot) -> [String] {
        root == .serviceAccount ? ["kube-apiserver", "kube-controller-manager"] : ["kube-apiserver"]
    }

    private func use(_ key: CertificateSurvey.Key) -> String {
        switch (key.root, key.isIssuing) {
        case (.serviceAccount, true): "signs tokens"
        case (.serviceAccount, false): "its tokens are accepted"
        case (_, true): "encrypts Secrets"
        case (_, false): "decrypts Secrets"
        }
    }

    private func days(_ facts: CertificateFacts) -> String { daysLeft(until: facts.notAfter) }

    private func daysLeft(until notAfter: Int64) -> String {
        let left = notAfter - survey.now
        return left <= 0 ? "ended" : String(left / 86_400)
    }

    /// Only what is wrong, each with what to do.
    func problems(_ console: Console) -> [String] {
        let own = survey.rows.flatMap { row in row.findings.map { (row.entry.identifier, $0) } }
        return (own + survey.others.map { ($0.host, $0.finding) }).map { subject, finding in
            "\(console.paint("×", .red)) \(subject): \(Sanitised.text(finding.text, limit: 300)) [\(finding.kind.rawValue)]\n  try  \(finding.remedy)"
        }
    }

    var closing: String {
        let first = survey.rows.compactMap { row in row.facts.map { (row.entry.identifier, $0.notAfter) } }
            .min { $0.1 < $1.1 }
        let ends =
            first.map { "; the first to end is \($0.0), in \(counted(($0.1 - survey.now) / 86_400, "day"))" } ?? ""
        let ill = survey.rows.count { !$0.findings.isEmpty } + survey.others.count
        let all = counted(survey.rows.count, "certificate")
        return "\(all), \(ill == 0 ? "none with a problem" : counted(ill, "with a problem", "with problems"))\(ends)"
    }

    func json() -> String {
        struct Finding: Encodable { var problem: String, text: String, remedy: String }
        struct Certificate: Encodable {
            var id: String, role: String, subject: String, organizations: [String]
            var names: [String], expectedNames: [String], issuer: String, kubeconfigs: [String]
            var serial: String, notAfter: Int64, daysLeft: Int64
            var host: String?
            var path: String, restarts: [String], reason: String, problems: [Finding]
        }
        struct Authority: Encodable { var name: String, subject: String, notAfter: Int64 }
        struct Key: Encodable { var name: String, generation: Int, isIssuing: Bool, restarts: [String] }
        struct Person: Encodable { var name: String, groups: [String], serial: String, issuer: String, notAfter: Int64 }
        struct Document: Encodable {
            var schema = Version.schema
            var authorities: [Authority], keys: [Key], certificates: [Certificate], endpoints: [Finding]
            /// Who was given a kubeconfig whose certificate lives.
            var people: [Person]
        }
        func finding(_ it: CertificateFinding) -> Finding {
            Finding(problem: it.kind.rawValue, text: Sanitised.text(it.text), remedy: it.remedy)
        }
        let certificates = survey.rows.map { row in
            Certificate(
                id: row.entry.identifier,
                role: row.entry.role,
                subject: row.entry.subject.commonName,
                organizations: row.entry.subject.organizations,
                names: (row.facts?.alternativeNames ?? []).sorted().map(\.description),
                expectedNames: row.entry.expectedNames.sorted(),
                issuer: row.facts?.issuerName ?? "",
                kubeconfigs: row.entry.kubeconfigs,
                serial: row.facts?.serial ?? "",
                notAfter: row.facts?.notAfter ?? 0,
                daysLeft: row.facts.map { ($0.notAfter - survey.now) / 86_400 } ?? 0,
                host: row.entry.host,
                path: row.entry.certificatePath,
                restarts: row.entry.consumers.filter { !$0.isEmpty },
                reason: row.entry.reason,
                problems: row.findings.map(finding)
            )
        }
        return JSONOutput.text(
            Document(
                authorities: survey.authorities.map {
                    Authority(name: $0.name, subject: $0.facts.commonName, notAfter: $0.facts.notAfter)
                },
                keys: survey.keys.map {
                    Key(
                        name: $0.root.rawValue,
                        generation: $0.generation,
                        isIssuing: $0.isIssuing,
                        restarts: restarts($0.root)
                    )
                },
                certificates: certificates,
                endpoints: survey.others.map { finding($0.finding) },
                people: survey.people.map {
                    Person(
                        name: $0.name,
                        groups: $0.groups,
                        serial: $0.serial,
                        issuer: $0.issuerName,
                        notAfter: $0.notAfter
                    )
                }
            )
        )
    }

    func prometheus(cluster: String) -> String {
        let authorities = survey.authorities.map {
            PrometheusText.Row(
                identifier: $0.facts.commonName,
                host: "",
                issuer: $0.facts.issuerName,
                notAfter: $0.facts.notAfter,
                findings: []
            )
        }
        let leaves = survey.rows.map {
            PrometheusText.Row(
                identifier: $0.entry.identifier,
                host: $0.entry.host ?? "",
                issuer: $0.facts?.issuerName ?? "",
                notAfter: $0.facts?.notAfter ?? 0,
                findings: $0.findings
            )
        }
        return PrometheusText.render(
            authorities + leaves,
            others: survey.others,
            cluster: cluster,
            now: survey.now
        )
    }
}
