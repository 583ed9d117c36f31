import FoundationEssentials
@_spi(FixedExpiryValidationTime) import X509

/// Checks what libcrypto issued with swift-certificates: two implementations must agree before anything leaves the machine.
package struct IndependentVerifier: Sendable {
    package struct Rejection: Error, Sendable, Equatable, CustomStringConvertible {
        package let identifier: String
        package let reason: String
        package var description: String {
            "the certificate \(identifier) was rejected by the second implementation: \(reason)"
        }
    }

    private let authority: CertificateFacts
    private let now: Int64

    package init(authority: CertificateFacts, now: Int64) {
        self.authority = authority
        self.now = now
    }

    /// Path, dates, usages and names.
    ///
    /// - Throws: `Rejection`.
    package func verify(_ facts: CertificateFacts, against profile: CertificateProfile) async throws {
        func reject(_ reason: String) -> Rejection { Rejection(identifier: profile.identifier, reason: reason) }
        guard authority.isAuthority else { throw reject("its issuer is no authority") }
        guard !facts.isAuthority else { throw reject("it claims to be an authority") }
        if case .issue(let reason) = IssueDecision.compare(facts, with: profile, authority: authority, now: now) {
            throw reject(reason)
        }
        let time = Date(timeIntervalSince1970: TimeInterval(now))
        var verifier = Verifier(rootCertificates: CertificateStore([authority.certificate])) {
            RFC5280Policy(fixedExpiryValidationTime: time)
        }
        let result = await verifier.validate(leaf: facts.certificate, intermediates: CertificateStore([]))
        if case .couldNotValidate(let failures) = result {
            throw reject(failures.map { "\($0.policyFailureReason)" }.joined(separator: "; "))
        }
    }
}
