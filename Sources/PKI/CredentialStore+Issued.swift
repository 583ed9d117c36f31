import FoundationEssentials

/// Client certificates that were given out, one JSON line each: `issued.jsonl`. Never a key.
extension CredentialStore {
    private static let issuedName = "issued.jsonl"
    /// Seconds for which one that has ended stays on record.
    private static let issuedMemory: Int64 = 30 * 86_400

    /// Records a certificate that is about to be given out; once, however often that happens.
    ///
    /// - Parameter certificate: PEM.
    /// - Throws: `CredentialStoreError` when the record cannot be written; what reading the certificate throws.
    package func recordIssued(_ certificate: [UInt8]) async throws {
        guard !isDryRun else { return }
        let identity = try identity(of: certificate)
        try await exclusively { try append(identity) }
    }

    private func identity(of certificate: [UInt8]) throws -> IssuedIdentity {
        let facts = try CertificateFacts(pem: certificate)
        let issuer = try generations(of: .kubernetes).first { generation in
            (try? CertificateFacts(pem: generation.open)).map { facts.isIssued(by: $0) } ?? false
        }
        return IssuedIdentity(
            name: facts.commonName,
            groups: facts.organizations,
            serial: facts.serial,
            notAfter: facts.notAfter,
            issuer: try issuer.map { try CertificateFacts(pem: $0.open).keyDigest() } ?? "",
            issuerName: facts.issuerName,
            issued: now
        )
    }

    /// A line that nobody here can read stays.
    private func append(_ identity: IssuedIdentity) throws {
        let lines = try issuedLines()
        let known = lines.map(Self.parsed)
        guard !known.contains(where: { $0?.serial == identity.serial && $0?.issuer == identity.issuer }) else { return }
        let kept = zip(lines, known).filter { $1.map { $0.notAfter > now - Self.issuedMemory } ?? true }.map(\.0)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let line = String(decoding: try encoder.encode(identity), as: UTF8.self)
        try directory.write(Array((kept + [line]).map { $0 + "\n" }.joined().utf8), to: Self.issuedName)
    }

    private func issuedLines() throws(CredentialStoreError) -> [String] {
        guard let bytes = try directory.read(Self.issuedName) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static func parsed(_ line: String) -> IssuedIdentity? {
        try? JSONDecoder().decode(IssuedIdentity.self, from: Data(line.utf8))
    }

    /// Whom certificates were given, the first first.
    ///
    /// - Throws: `CredentialStoreError` where a line cannot be read: nobody knows who is missing then.
    package func issuedIdentities() throws(CredentialStoreError) -> [IssuedIdentity] {
        var identities: [IssuedIdentity] = []
        for line in try issuedLines() {
            guard let identity = Self.parsed(line) else {
                throw CredentialStoreError(
                    code: .damaged,
                    subject: directory.file(Self.issuedName),
                    reason: "line \(identities.count + 1) cannot be read",
                    remedy: "restore it from a backup, or take the line out: it says who was given a kubeconfig"
                )
            }
            identities.append(identity)
        }
        return identities
    }

    /// Who has living certificates of one generation of the Kubernetes authority, and none of another.
    ///
    /// - Parameters:
    ///   - going: The generation that is about to be trusted by nobody.
    ///   - staying: The one beside it.
    /// - Returns: For each holder the certificate that lives longest, by name.
    /// - Throws: `CredentialStoreError`.
    package func lostAccess(going: Int, staying: Int) throws -> [IssuedIdentity] {
        let (old, new) = (try keyDigest(going), try keyDigest(staying))
        let living = try issuedIdentities().filter { $0.notAfter > now }
        let moved = Set(living.filter { $0.issuer == new }.map(\.holder))
        let lost = living.filter { ($0.issuer == old || $0.issuer.isEmpty) && !moved.contains($0.holder) }
        let last = Dictionary(lost.map { ($0.holder, $0) }) { $0.notAfter > $1.notAfter ? $0 : $1 }
        return last.values.sorted { $0.holder < $1.holder }
    }

    private func keyDigest(_ generation: Int) throws -> String? {
        guard let known = try generations(of: .kubernetes).first(where: { $0.number == generation }) else { return nil }
        return try CertificateFacts(pem: known.open).keyDigest()
    }
}
