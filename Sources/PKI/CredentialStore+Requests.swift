import FoundationEssentials
import Templates

/// A leaf whose request waits to be signed where the authority's key is.
struct RequestWaiting: Error {
    var identifier: String
    /// Where the request lies and the certificate is awaited.
    var directory: String

    /// All of them in one error: they are signed in one go.
    ///
    /// - Parameters:
    ///   - waiting: What waits.
    ///   - areWritten: Whether the requests lie there now.
    ///   - writer: Who writes them otherwise.
    /// - Returns: The error.
    static func error(
        _ waiting: [RequestWaiting],
        areWritten: Bool = true,
        by writer: String = "provision apply"
    ) -> CredentialStoreError {
        let directories = Set(waiting.map(\.directory)).sorted().joined(separator: ", ")
        let names = waiting.map(\.identifier)
        let shown = names.prefix(6).joined(separator: ", ") + (names.count > 6 ? ", ..." : "")
        return CredentialStoreError(
            code: .requestsWaiting,
            subject: directories,
            reason: "\(counted(names.count, "certificate")) must be signed where the authority's key is: \(shown)",
            remedy: areWritten
                ? "sign every NAME.csr there, put each certificate beside it as NAME.crt, and run the same again"
                : "\(writer) writes their requests there first; nothing changes until each is signed"
        )
    }
}

/// Authorities whose key lies elsewhere: requests go out, certificates come in.
extension CredentialStore {
    /// The leaf, once its certificate has come in and both implementations have nothing against it.
    ///
    /// - Throws: `RequestWaiting` until then.
    func requested(
        _ profile: CertificateProfile,
        from authority: CertificateAuthority,
        reason: String
    ) async throws -> Credentials.Leaf {
        let folder = folder(of: profile.issuer)
        let used = try folder.read("\(profile.identifier).crt")
        if let kept = try keptLeaf(profile, authority), kept.certificate != used {
            if !isDryRun { try place(kept.certificate, kept.key, profile, in: folder) }
            return .init(
                certificate: kept.certificate,
                key: Secret(kept.key),
                decision: .issue(reason: reason),
                notAfter: kept.facts.notAfter
            )
        }
        let requests = try requests(to: profile.issuer)
        var leaf = try await answer(to: profile, from: authority, in: requests)
        if leaf.certificate == used {
            // It is what another one is wanted for.
            if !isDryRun { try request(profile, in: requests) }
            throw RequestWaiting(identifier: profile.identifier, directory: requests.path)
        }
        leaf.decision = .issue(reason: reason)
        if !isDryRun {
            try place(leaf.certificate, leaf.key.reveal(), profile, in: folder)
            // Those of a rotation stay until its end: the way back and forth again must not ask people twice.
            if try issuing(profile.issuer) == nil { remove(profile, from: requests) }
        }
        return leaf
    }

    /// Where requests to an authority lie.
    func requests(to issuer: String) throws(CredentialStoreError) -> SecureDirectory {
        if let rotating = try issuing(issuer) { return requests(rotating.root, rotating.generation) }
        return SecureDirectory(path: folder(of: issuer).file("requests"))
    }

    /// Takes out what lies here of a leaf that is kept nowhere, once it was handed out: request, key and answer.
    ///
    /// - Parameter profile: The leaf.
    /// - Throws: `CredentialStoreError` when the store's state cannot be read.
    package func discard(_ profile: CertificateProfile) throws(CredentialStoreError) {
        guard !isDryRun else { return }
        remove(profile, from: try requests(to: profile.issuer))
        remove(profile, from: folder(of: profile.issuer))
    }

    private func remove(_ profile: CertificateProfile, from folder: SecureDirectory) {
        for ending in ["csr", "crt", "key"] { folder.remove("\(profile.identifier).\(ending)") }
    }

    private func place(
        _ certificate: [UInt8],
        _ key: [UInt8],
        _ profile: CertificateProfile,
        in folder: SecureDirectory
    ) throws(CredentialStoreError) {
        try folder.write([("\(profile.identifier).key", key), ("\(profile.identifier).crt", certificate)])
    }

    /// What has come in for a request; it stays where it lies.
    ///
    /// - Throws: `RequestWaiting` until then, once the request was written.
    func answer(
        to profile: CertificateProfile,
        from authority: CertificateAuthority,
        in requests: SecureDirectory
    ) async throws -> Credentials.Leaf {
        let waiting = RequestWaiting(identifier: profile.identifier, directory: requests.path)
        guard let pem = try requests.read("\(profile.identifier).key", isSecret: true),
            let key = try? PrivateKey(pem: Secret(pem))
        else {
            if !isDryRun { try request(profile, in: requests) }
            throw waiting
        }
        guard let answer = try requests.read("\(profile.identifier).crt") else { throw waiting }
        let facts = try await accepted(answer, key, profile, authority, requests)
        return .init(
            certificate: try Certificate(pem: answer).pem(),
            key: Secret(pem),
            decision: .issue(reason: "was signed elsewhere"),
            notAfter: facts.notAfter
        )
    }

    private func request(_ profile: CertificateProfile, in requests: SecureDirectory) throws {
        requests.remove("\(profile.identifier).crt")
        let key = try PrivateKey.generate(profile.algorithm)
        try requests.write(try key.pem().reveal(), to: "\(profile.identifier).key")
        try requests.write(try SigningRequest.pem(profile, key: key), to: "\(profile.identifier).csr")
    }

    private func accepted(
        _ pem: [UInt8],
        _ key: PrivateKey,
        _ profile: CertificateProfile,
        _ authority: CertificateAuthority,
        _ requests: SecureDirectory
    ) async throws -> CertificateFacts {
        func refused(_ reason: String) -> CredentialStoreError {
            CredentialStoreError(
                code: .damaged,
                subject: requests.file("\(profile.identifier).crt"),
                reason: reason,
                remedy: "sign \(profile.identifier).csr again, with the names and usages that it asks for"
            )
        }
        guard let certificate = try? Certificate(pem: pem), let facts = try? CertificateFacts(pem: pem) else {
            throw refused("it cannot be read")
        }
        guard key.matches(certificate) else { throw refused("it is not for the key of its request") }
        do {
            try await IndependentVerifier(authority: authority.facts, now: now).verify(facts, against: profile)
        } catch let rejection as IndependentVerifier.Rejection {
            // What is asked for may have changed since the request was written.
            if !isDryRun {
                try requests.write(try SigningRequest.pem(profile, key: key), to: "\(profile.identifier).csr")
            }
            throw refused(rejection.reason)
        }
        return facts
    }
}
