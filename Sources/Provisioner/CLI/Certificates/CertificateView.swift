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
            [name(key), "a key", "-", "-", key.restarts.joined(separator: " "), use(key)]
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

    func json() -> String { JSONOutput.text(CertificatesDocument(survey)) }

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
