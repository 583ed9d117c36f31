package import PKI
import Templates

/// What hosts trust, and the keys that have no certificate.
extension CertificateJudge {
    /// Whom a host trusts beside, or instead of, the generations in force.
    package func trust(_ sights: [TrustPosition.Sight], _ state: TrustState) -> [CertificateFinding] {
        sights.flatMap { sight -> [CertificateFinding] in
            let wanted = state.inForce(sight.root).accepted
            var list = sight.strangers.map {
                CertificateFinding(
                    .trustsOther,
                    "\(sight.host) trusts \($0) as \(sight.root.rawValue), which this store has never seen",
                    remedy: RotationRefusal.otherStore
                )
            }
            let held = sight.accepted.filter { !$0.isEmpty }
            let old = Set(held.joined()).subtracting(wanted)
            if !old.isEmpty {
                let text =
                    "\(sight.host) still trusts generation \(old.sorted().map(String.init).joined(separator: ", ")) of \(sight.root.rawValue)"
                list.append(.init(.trustsOld, text, remedy: "provision apply \(inventory)"))
            }
            if held.contains(where: { !$0.isSuperset(of: wanted) }) {
                let text = "\(sight.host) does not trust every generation of \(sight.root.rawValue) that is in force"
                list.append(.init(.trustsNotAll, text, remedy: "provision apply \(inventory)"))
            }
            return list
        }
    }

    /// Files of trust and keys that are gone, damaged, open to others, or nobody's.
    ///
    /// - Parameters:
    ///   - inspection: What was asked.
    ///   - answer: What the host said.
    ///   - digests: SHA-256 of every key that the store has ever signed with.
    /// - Returns: What is wrong.
    package func keys(
        _ inspection: CertificateInspection,
        _ answer: CertificateAnswer,
        known digests: Set<String>
    ) -> [CertificateFinding] {
        inspection.trustFiles.compactMap { file in
            let remedy = "provision apply \(inventory)"
            guard let word = answer.trust[file] else {
                return .init(.missingOnHost, "\(file.path) is missing", remedy: remedy)
            }
            if file.isUnreadable(word) {
                return .init(.unreadable, "\(file.path) is empty, cut off or damaged", remedy: remedy)
            }
            if let mode = answer.trustModes[file], let bits = Int(mode, radix: 8), bits & 0o077 != 0 {
                return .init(.wrongMode, "\(file.path) has mode \(mode), others may read it", remedy: remedy)
            }
            guard file.form == .digest, !digests.contains(word) else { return nil }
            return .init(.replacedByHand, "\(file.path) is no key that this store has ever had", remedy: remedy)
        }
    }
}
