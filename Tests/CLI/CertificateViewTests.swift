import PKI
import Testing

@testable import provision

@Suite struct CertificateViewTests {
    private var view: CertificateView {
        var survey = CertificateSurvey(now: 0)
        survey.keys = [
            .init(root: .serviceAccount, generation: 1, isIssuing: false),
            .init(root: .serviceAccount, generation: 2, isIssuing: true),
            .init(root: .encryption, generation: 1, isIssuing: true),
        ]
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
}
