/// Something wrong with one certificate, by a name that scripts may rely on.
package struct CertificateFinding: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case expired, expiresSoon = "expires-soon"
        case missingInStore = "missing-in-store"
        case otherAuthority = "other-authority"
        case outdatedProfile = "outdated-profile"
        case missingOnHost = "missing-on-host"
        case wrongMode = "wrong-mode"
        case notAPair = "not-a-pair"
        case swapped
        case replacedByHand = "replaced-by-hand"
        case notApplied = "not-applied"
        case servesOld = "serves-old"
        case usesOld = "uses-old"
        case servesOther = "serves-other"
        case notServing = "not-serving"
        case trustsOther = "trusts-other"
        case trustsOld = "trusts-old"
        case trustsNotAll = "trusts-not-all"
        case unreadable
        case hostNotReached = "host-not-reached"

        /// Whether a certificate is of no use as long as this is so; the others are for later, or for the next apply.
        package var preventsUse: Bool {
            switch self {
            case .expiresSoon, .otherAuthority, .outdatedProfile, .wrongMode, .trustsOther, .trustsOld, .trustsNotAll,
                .unreadable:
                false
            case .expired, .missingInStore, .missingOnHost, .notAPair, .swapped, .replacedByHand, .notApplied,
                .servesOld, .usesOld, .servesOther, .notServing, .hostNotReached:
                true
            }
        }
    }

    package var kind: Kind
    package var text: String
    package var remedy: String

    package init(_ kind: Kind, _ text: String, remedy: String) {
        self.kind = kind
        self.text = text
        self.remedy = remedy
    }
}
