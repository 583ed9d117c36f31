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
        case servesOther = "serves-other"
        case notServing = "not-serving"
        case trustsOther = "trusts-other"
        case trustsOld = "trusts-old"
        case trustsNotAll = "trusts-not-all"
        case hostNotReached = "host-not-reached"
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
