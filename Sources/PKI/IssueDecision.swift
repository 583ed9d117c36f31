import Templates

/// Whether a leaf that exists may stay, and if not, why a new one is issued.
package enum IssueDecision: Sendable, Hashable {
    /// Days until it ends.
    case keep(daysLeft: Int)
    case issue(reason: String)

    static let unreadable = IssueDecision.issue(reason: "cannot be read")

    package var isIssue: Bool {
        guard case .issue = self else { return false }
        return true
    }

    /// Compares what stands with what is wanted.
    ///
    /// - Parameters:
    ///   - facts: The certificate that exists.
    ///   - profile: What is wanted.
    ///   - authority: The authority's certificate now.
    ///   - now: Seconds since 1970.
    /// - Returns: The decision, with every difference named.
    package static func compare(
        _ facts: CertificateFacts,
        with profile: CertificateProfile,
        authority: CertificateFacts,
        now: Int64
    ) -> IssueDecision {
        let differences = differences(facts, profile)
        guard differences.isEmpty else { return .issue(reason: differences.joined(separator: ", ")) }
        guard facts.isIssued(by: authority) else {
            return .issue(reason: "was issued by another generation of \(profile.issuer)")
        }
        let left = facts.notAfter - now
        // The authority's end shortens a leaf's life: renewing again would not lengthen it.
        let lifetime = min(profile.lifetime, max(1, facts.notAfter - facts.notBefore))
        if left <= 0 { return .issue(reason: "ended \(counted(-left / 86_400, "day")) ago") }
        if left < lifetime / 3, facts.notAfter < authority.notAfter {
            return .issue(reason: "\(counted(left / 86_400, "day")) left, less than a third of its life")
        }
        return .keep(daysLeft: Int(left / 86_400))
    }

    private static func differences(_ facts: CertificateFacts, _ profile: CertificateProfile) -> [String] {
        var list: [String] = []
        if facts.commonName != profile.commonName {
            list.append("CN is \(facts.commonName), must be \(profile.commonName)")
        }
        if facts.organizations != profile.organizations {
            list.append(
                "O is \(facts.organizations.joined(separator: "+")), must be \(profile.organizations.joined(separator: "+"))"
            )
        }
        if facts.usages != profile.usages { list.append("extended key usage differs") }
        let added = profile.alternativeNames.subtracting(facts.alternativeNames).sorted()
        let removed = facts.alternativeNames.subtracting(profile.alternativeNames).sorted()
        list += added.map { "SAN \($0) is missing" } + removed.map { "SAN \($0) is not wanted" }
        return list
    }
}
