import PKI
import ProvisionCore
import Templates

/// Every certificate and key for programs: a versioned contract.
///
/// Times are seconds since 1970.
struct CertificatesDocument: Encodable {
    struct Authority: Encodable { let name: String, subject: String, notAfter: Int64 }
    struct Key: Encodable { let name: String, generation: Int, isIssuing: Bool, restarts: [String] }
    struct Person: Encodable { let name: String, groups: [String], serial: String, issuer: String, notAfter: Int64 }

    struct Finding: Encodable {
        let problem: String, text: String, remedy: String

        init(_ finding: CertificateFinding) {
            problem = finding.kind.rawValue
            text = Sanitised.text(finding.text)
            remedy = finding.remedy
        }
    }

    struct Certificate: Encodable {
        let id: String, role: String, subject: String, organizations: [String]
        let names: [String], expectedNames: [String], issuer: String, kubeconfigs: [String]
        let serial: String, notAfter: Int64, daysLeft: Int64
        let host: String?
        let path: String, restarts: [String], reason: String, problems: [Finding]

        init(_ row: CertificateSurvey.Row, now: Int64) {
            let (entry, facts) = (row.entry, row.facts)
            id = entry.identifier
            role = entry.role
            subject = entry.subject.commonName
            organizations = entry.subject.organizations
            names = (facts?.alternativeNames ?? []).sorted().map(\.description)
            expectedNames = entry.expectedNames.sorted()
            issuer = facts?.issuerName ?? ""
            kubeconfigs = entry.kubeconfigs
            serial = facts?.serial ?? ""
            notAfter = facts?.notAfter ?? 0
            daysLeft = facts.map { ($0.notAfter - now) / 86_400 } ?? 0
            host = entry.host
            path = entry.certificatePath
            restarts = entry.consumers.filter { !$0.isEmpty }
            reason = entry.reason
            problems = row.findings.map(Finding.init)
        }
    }

    let schema = Version.schema
    let authorities: [Authority], keys: [Key], certificates: [Certificate], endpoints: [Finding]
    /// Who was given a kubeconfig whose certificate lives.
    let people: [Person]

    init(_ survey: CertificateSurvey) {
        authorities = survey.authorities.map {
            Authority(name: $0.name, subject: $0.facts.commonName, notAfter: $0.facts.notAfter)
        }
        keys = survey.keys.map {
            Key(name: $0.root.rawValue, generation: $0.generation, isIssuing: $0.isIssuing, restarts: $0.restarts)
        }
        certificates = survey.rows.map { Certificate($0, now: survey.now) }
        endpoints = survey.others.map { Finding($0.finding) }
        people = survey.people.map {
            Person(
                name: $0.name,
                groups: $0.groups,
                serial: $0.serial,
                issuer: $0.issuerName,
                notAfter: $0.notAfter
            )
        }
    }
}
