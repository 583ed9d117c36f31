package import PKI
import Templates

/// Compares a certificate in its three places: the store, the host's disk, the handshake.
package struct CertificateJudge: Sendable {
    /// A leaf as the store holds it.
    package struct Stored: Sendable {
        package var facts: CertificateFacts
        /// SHA-256 of the two files as hosts carry them.
        package var certificateDigest: String
        package var keyDigest: String
        /// Whatever its age: how near an end is a problem is the judge's to say.
        package var decision: IssueDecision

        package init(_ entry: CatalogCertificate, certificate: [UInt8], key: [UInt8], decision: IssueDecision) throws {
            let isJoint = entry.certificatePath == entry.keyPath
            facts = try CertificateFacts(pem: certificate)
            certificateDigest = SHA256Digest.hex(of: isJoint ? certificate + key : certificate)
            keyDigest = isJoint ? certificateDigest : SHA256Digest.hex(of: key)
            self.decision = decision
        }

        /// From what was read already.
        package init(_ entry: CatalogCertificate, _ leaf: CredentialStore.InspectedLeaf) {
            let isJoint = entry.certificatePath == entry.keyPath
            let key = leaf.key.reveal()
            facts = leaf.facts
            certificateDigest = SHA256Digest.hex(of: isJoint ? leaf.certificate + key : leaf.certificate)
            keyDigest = isJoint ? certificateDigest : SHA256Digest.hex(of: key)
            decision = leaf.ageless
        }
    }

    package let stored: [String: Stored]
    /// Seconds since 1970.
    package let now: Int64
    /// Seconds before its end in which a certificate is a problem; `nil`: 30 days, or the last third of a shorter life.
    package let within: Int64?
    /// The inventory's path, for remedies.
    package let inventory: String
    /// When each authority's newest certificate ends; a leaf cannot live longer.
    package let authorityEnds: [String: Int64]

    package init(
        stored: [String: Stored],
        now: Int64,
        within: Int64?,
        inventory: String,
        authorityEnds: [String: Int64] = [:]
    ) {
        self.authorityEnds = authorityEnds
        self.stored = stored
        self.now = now
        self.within = within
        self.inventory = inventory
    }

    /// Everything wrong with one certificate.
    ///
    /// - Parameters:
    ///   - entry: The catalog's row.
    ///   - answer: Its host's answer; `nil` where the host was not reached.
    /// - Returns: The findings, the store's first.
    package func findings(_ entry: CatalogCertificate, _ answer: CertificateAnswer?) -> [CertificateFinding] {
        guard let own = stored[entry.identifier] else {
            return [.init(.missingInStore, "the store has no such leaf", remedy: "provision apply \(inventory)")]
        }
        var list = age(own, entry)
        guard let host = entry.host else { return list }
        guard let answer else {
            return list + [.init(.hostNotReached, "\(host) was not reached", remedy: "provision check \(inventory)")]
        }
        list += disk(entry, own, answer.pairs[entry.identifier] ?? .init(), host)
        for (endpoint, facts) in answer.live.sorted(by: { $0.key.address < $1.key.address })
        where endpoint.certificate == entry.identifier {
            list += live(entry, own, answer.pairs[entry.identifier]?.facts, endpoint, facts)
        }
        return list
    }

    private func age(_ own: Stored, _ entry: CatalogCertificate) -> [CertificateFinding] {
        let issuer = entry.subject.issuer.rawValue
        let isBound = authorityEnds[issuer].map { own.facts.notAfter >= $0 } ?? false
        let renew =
            isBound
            ? "provision certs rotate \(Self.target(issuer)) \(inventory): its authority ends with it"
            : "provision certs renew --certificate \(entry.identifier) \(inventory)"
        let left = own.facts.notAfter - now
        if left <= 0 {
            let all = "provision certs renew --offline \(inventory)"
            let ended = "ended \(counted(-left / 86_400, "day")) ago"
            return [.init(.expired, ended, remedy: "\(renew); where no API answers: \(all)")]
        }
        var list: [CertificateFinding] = []
        let within = within ?? min(30 * 86_400, (own.facts.notAfter - own.facts.notBefore) / 3)
        if left < within { list.append(.init(.expiresSoon, "\(counted(left / 86_400, "day")) left", remedy: renew)) }
        if case .issue(let reason) = own.decision {
            let isForeign = reason.contains("another generation")
            let kind: CertificateFinding.Kind = isForeign ? .otherAuthority : .outdatedProfile
            list.append(.init(kind, reason, remedy: "provision apply \(inventory)"))
        }
        return list
    }

    /// What is wrong with an authority's newest certificate: every leaf of it ends with it.
    package func authority(_ name: String, _ facts: CertificateFacts) -> CertificateFinding? {
        let left = facts.notAfter - now
        let offline = "provision certs rotate --offline \(inventory)"
        guard left > 0 else {
            return .init(.expired, "the authority \(name) ended \(counted(-left / 86_400, "day")) ago", remedy: offline)
        }
        guard left < within ?? min(90 * 86_400, (facts.notAfter - facts.notBefore) / 3) else { return nil }
        return .init(
            .expiresSoon,
            "the authority \(name) has \(counted(left / 86_400, "day")) left, and so have all that it issued",
            remedy: "provision certs rotate \(Self.target(name)) \(inventory)"
        )
    }

    /// As `certs rotate` calls it.
    private static func target(_ authority: String) -> String { authority == "kubernetes-ca" ? "ca" : authority }

    /// Behind the load balancer one of the API servers must show its own certificate.
    package func loadBalanced(
        _ inspection: CertificateInspection,
        _ answer: CertificateAnswer
    ) -> [CertificateFinding] {
        let servers = stored.filter { $0.key.hasPrefix("apiserver@") }.map(\.value.facts)
        return inspection.endpoints.filter { $0.certificate == nil }.compactMap { endpoint in
            guard let shown = answer.live[endpoint], !servers.contains(where: { shown.isSame(as: $0) }) else {
                return nil
            }
            let isOurs = servers.contains { $0.commonName == shown.commonName }
            return .init(
                isOurs ? .servesOld : .servesOther,
                "\(endpoint.title) shows CN=\(shown.commonName) by \(shown.issuerName), serial \(shown.serial.suffix(8)), "
                    + "which is no API server's certificate of the store",
                remedy: isOurs ? "provision apply \(inventory)" : "find out what answers there"
            )
        }
    }

    private func disk(
        _ entry: CatalogCertificate,
        _ own: Stored,
        _ pair: CertificateAnswer.Pair,
        _ host: String
    ) -> [CertificateFinding] {
        let apply = "provision apply --limit \(host) \(inventory)"
        guard let certificate = pair.certificate, let key = pair.key else {
            let lost = pair.certificate == nil ? entry.certificatePath : entry.keyPath
            return [.init(.missingOnHost, "\(lost) is missing on \(host)", remedy: apply)]
        }
        var list = modes(entry, certificate, key).map { CertificateFinding(.wrongMode, $0, remedy: apply) }
        if certificate.sha256 == own.certificateDigest, key.sha256 == own.keyDigest {
            return list + pair.readers.compactMap { used(entry, by: $0, host) }
        }
        if let other = stored.first(where: {
            $0.key != entry.identifier && $0.value.certificateDigest == certificate.sha256
        }) {
            list.append(.init(.swapped, "\(entry.certificatePath) on \(host) is \(other.key)", remedy: apply))
        } else if pair.isPair == false {
            list.append(.init(.notAPair, "certificate and key on \(host) are not a pair", remedy: apply))
        } else if let facts = pair.facts, isOlderOfOurs(facts, own) {
            let text = "\(host) still has the one before (serial \(facts.serial.suffix(8))); the store has a newer one"
            list.append(.init(.notApplied, text, remedy: apply))
        } else {
            let text = "\(entry.certificatePath) on \(host) is not what the store issued\(named(pair.facts))"
            list.append(
                .init(.replacedByHand, text, remedy: "\(apply) puts the store's back; provision plan shows it first")
            )
        }
        return list
    }

    /// Seconds by which a clock may be set meanwhile: when a process began is counted from now.
    private static let leeway: Int64 = 60

    /// A process that was there before its file still has the one before.
    ///
    /// What was put back by hand has been reloaded since, so that times say here what no digest of the start does.
    private func used(
        _ entry: CatalogCertificate,
        by reader: CertificateAnswer.Reader,
        _ host: String
    ) -> CertificateFinding? {
        guard reader.written - reader.began > Self.leeway else { return nil }
        return .init(
            .usesOld,
            "\(reader.unit) on \(host) has not read \(entry.certificatePath) since it was written",
            remedy: "systemctl reload-or-restart \(reader.unit) on \(host), or: provision certs renew "
                + "--certificate \(entry.identifier) \(inventory)"
        )
    }

    private func named(_ facts: CertificateFacts?) -> String {
        facts.map { ": CN=\($0.commonName) by \($0.issuerName)" } ?? ": no certificate can be read in it"
    }

    private func isOlderOfOurs(_ facts: CertificateFacts, _ own: Stored) -> Bool {
        facts.commonName == own.facts.commonName && facts.notBefore <= own.facts.notBefore
            && facts.issuerName.prefix(while: { $0 != "-" }) == own.facts.issuerName.prefix(while: { $0 != "-" })
            && facts.alternativeNames == own.facts.alternativeNames
    }

    private func modes(
        _ entry: CatalogCertificate,
        _ certificate: CertificateAnswer.File,
        _ key: CertificateAnswer.File
    ) -> [String] {
        let owner = "\(entry.owner):\(entry.group)"
        func check(_ path: String, _ file: CertificateAnswer.File, _ mode: UInt16) -> String? {
            let wanted = String(mode, radix: 8)
            guard file.mode != wanted || file.owner != owner else { return nil }
            return "\(path) is \(file.mode) \(file.owner), must be \(wanted) \(owner)"
        }
        let open =
            entry.certificatePath == entry.keyPath
            ? nil : check(entry.certificatePath, certificate, entry.certificateMode)
        return [check(entry.keyPath, key, entry.keyMode), open].compactMap(\.self)
    }

    private func live(
        _ entry: CatalogCertificate,
        _ own: Stored,
        _ disk: CertificateFacts?,
        _ endpoint: CertificateInspection.Endpoint,
        _ shown: CertificateFacts
    ) -> [CertificateFinding] {
        if shown.isSame(as: disk ?? own.facts) { return [] }
        let unit = entry.consumers.first ?? "its unit"
        let restart =
            "restart \(unit) on \(entry.host ?? "its host"), one host at a time, or: provision certs renew --certificate \(entry.identifier) \(inventory)"
        if shown.commonName == own.facts.commonName {
            let text =
                "\(endpoint.title) still shows serial \(shown.serial.suffix(8)); the file was renewed, the process was not restarted"
            return [.init(.servesOld, text, remedy: restart)]
        }
        let text = "\(endpoint.title) shows CN=\(shown.commonName) by \(shown.issuerName)"
        return [
            .init(.servesOther, text, remedy: "find out what listens there: ss -tlnp on \(entry.host ?? "the host")")
        ]
    }

    /// Endpoints that showed nothing.
    package func silent(_ inspection: CertificateInspection, _ answer: CertificateAnswer) -> [CertificateFinding] {
        inspection.endpoints.filter { answer.live[$0] == nil }.map {
            .init(.notServing, "\($0.title) made no handshake", remedy: "provision status \(inventory)")
        }
    }
}
