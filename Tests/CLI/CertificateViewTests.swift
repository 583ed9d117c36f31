import PKI
import Testing

@testable import provision

@Suite struct CertificateViewTests {
    private var view: CertificateView { view(people: []) }

    private func view(people: [IssuedIdentity]) -> CertificateView {
        var survey = CertificateSurvey(now: 0)
        survey.keys = [
            .init(root: .serviceAccount, generation: 1, isIssuing: false),
            .init(root: .serviceAccount, generation: 2, isIssuing: true),
            .init(root: .encryption, generation: 1, isIssuing: true),
        ]
        survey.people = people
        return CertificateView(survey: survey)
    }

    @Test func `keys have a line each, with what restarts and what they do`() {
        let lines = view.table().split(separator: "\n").dropFirst().map { line in
            line.split(separator: " ").joined(separator: " ")
        }
        #expect(
            lines == [
                "service-account-g1 a key - - kube-apiserver kube-controller-manager its tokens are accepted",
                "service-account-g2 a key - - kube-apiserver kube-controller-manager signs tokens",
                "encryption-key-g1 a key - - kube-apiserver encrypts Secrets",
            ]
        )
    }

    @Test func `programs read them too`() {
        let text = view.json()
        #expect(text.contains("\"keys\"") && text.contains("\"encryption-key\""))
    }

    @Test func `whom kubeconfigs were given is listed too, the first to end first`() {
        func person(_ name: String, _ groups: [String], days: Int64) -> IssuedIdentity {
            let end = days * 86_400
            return IssuedIdentity(
                name: name,
                groups: groups,
                serial: "0a",
                notAfter: end,
                issuer: "ff",
                issuerName: "kubernetes-ca-g1",
                issued: 0
            )
        }
        let view = view(people: [person("ci", [], days: 9), person("jane", ["ops", "dev"], days: 2)])
        let lines = view.table().split(separator: "\n").suffix(2).map { line in
            line.split(separator: " ").joined(separator: " ")
        }
        #expect(
            lines == [
                "given out jane (dev, ops) kubernetes-ca-g1 2 - lives", "given out ci kubernetes-ca-g1 9 - lives",
            ]
        )
        #expect(view.json().contains("\"people\"") && view.json().contains("\"jane\""))
    }
}
