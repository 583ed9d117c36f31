import FoundationEssentials
import Templates

/// Keys of authorities on their way out of the store and back.
extension CredentialStore {
    /// In the place of a key that was taken away: from then on leaves are requested from where the key is.
    static let escrowed = "ca.key.escrowed"

    /// Every authority whose key the store has.
    ///
    /// - Parameter profiles: The authorities.
    /// - Returns: The bundle, each key proven to be its certificate's.
    /// - Throws: `CredentialStoreError` during a rotation, or where there is nothing to export.
    package func bundle(_ profiles: [AuthorityProfile]) throws -> AuthorityBundle {
        let state = try settledState()
        guard let cluster = try existingClusterID() else { throw nothingToExport() }
        let members = try profiles.compactMap { profile -> AuthorityBundle.Member? in
            guard let root = TrustRoot(rawValue: profile.name), try hasKey(profile.name),
                let pem = try folder(of: profile.name).read("ca.crt"),
                let key = try folder(of: profile.name).read("ca.key", isSecret: true)
            else { return nil }
            let certificate = try Certificate(pem: pem)
            let opened = try unlock(key, folder(of: profile.name).file("ca.key"))
            guard opened.matches(certificate) else { throw mismatch(profile.name) }
            return AuthorityBundle.Member(
                name: profile.name,
                generation: state.settled(root),
                certificate: String(decoding: pem, as: UTF8.self),
                key: String(decoding: try opened.pem().reveal(), as: UTF8.self)
            )
        }
        guard !members.isEmpty else { throw nothingToExport() }
        let others = TrustRoot.allCases.filter { !$0.isAuthority }
        return AuthorityBundle(
            cluster: cluster,
            made: now,
            members: members,
            generations: others.reduce(into: [:]) { $0[$1.rawValue] = state.settled($1) }
        )
    }

    /// Takes the keys of a bundle that was proven to open out of the store.
    ///
    /// - Returns: Whose key is gone.
    package func removeKeys(in bundle: AuthorityBundle, exported file: String) throws -> [String] {
        _ = try settledState()
        return try bundle.members.map { member in
            let folder = folder(of: member.name)
            guard try folder.read("ca.crt") == Array(member.certificate.utf8) else { throw mismatch(member.name) }
            let note = "\(Date(timeIntervalSince1970: TimeInterval(now)).formatted(.iso8601)) \(file)\n"
            try folder.write(Array(note.utf8), to: Self.escrowed)
            folder.remove("ca.key")
            return member.name
        }
    }

    /// Puts keys back where they are missing; all are checked before the first is written.
    ///
    /// - Parameter bundle: What an export held.
    /// - Returns: What was written, and what was there already, by authority.
    /// - Throws: `CredentialStoreError` where the bundle is another cluster's, another generation's, or a key does not fit.
    package func restore(_ bundle: AuthorityBundle) throws -> (restored: [String], present: [String]) {
        let state = try settledState()
        if let cluster = try existingClusterID(), cluster != bundle.cluster {
            throw refused(bundle.cluster, "it is of another cluster than this store (\(cluster))")
        }
        var missing: [(AuthorityBundle.Member, PrivateKey)] = []
        var present: [String] = []
        for member in bundle.members {
            let key = try proven(member, state)
            if try folder(of: member.name).read("ca.key", isSecret: true) == nil {
                missing.append((member, key))
            } else {
                present.append(member.name)
            }
        }
        let phrase = try missing.isEmpty ? nil : passphrase(for: .sealing)
        if !directory.names.contains("cluster-id") {
            try directory.write(Array("\(bundle.cluster)\n".utf8), to: "cluster-id")
            var state = state
            for member in bundle.members { state.generations[member.name] = member.generation }
            state.generations.merge(bundle.generations ?? [:]) { $1 }
            try move(to: state)
        }
        for (member, key) in missing {
            let folder = folder(of: member.name)
            try folder.write(try key.pem(passphrase: phrase).reveal(), to: "ca.key")
            if try folder.read("ca.crt") == nil { try folder.write(Array(member.certificate.utf8), to: "ca.crt") }
            folder.remove(Self.escrowed)
        }
        return (missing.map(\.0.name), present)
    }

    private func proven(_ member: AuthorityBundle.Member, _ state: TrustState) throws -> PrivateKey {
        let pem = Array(member.certificate.utf8)
        let (certificate, key) = (try Certificate(pem: pem), try PrivateKey(pem: Secret(Array(member.key.utf8))))
        guard key.matches(certificate) else { throw mismatch(member.name) }
        guard let root = TrustRoot(rawValue: member.name) else { throw unknown(member.name) }
        let held = try folder(of: member.name).read("ca.crt")
        guard held == nil || held == pem else {
            throw refused(
                member.name,
                "it is generation \(member.generation), and the store's ca.crt is another (generation \(state.settled(root)))"
            )
        }
        return key
    }

    private func settledState() throws -> TrustState {
        let state = try trustState()
        guard let rotation = state.rotation else { return state }
        throw CredentialStoreError(
            code: .rotationInProgress,
            subject: directory.path,
            reason:
                "the rotation \(rotation.id) is at \(rotation.phase.rawValue), so there are two keys of some authorities",
            remedy: "finish it with --resume, or take it back with --rollback"
        )
    }

    private func nothingToExport() -> CredentialStoreError {
        CredentialStoreError(
            code: .authorityKeyMissing,
            subject: directory.path,
            reason: "the store has no key of any authority",
            remedy: "provision apply makes them; keys that were taken away come back with provision certs ca import"
        )
    }

    private func mismatch(_ name: String) -> CredentialStoreError {
        CredentialStoreError(
            code: .authorityKeyMismatch,
            subject: name,
            reason: "key and certificate are not a pair",
            remedy: "restore the pair from one backup"
        )
    }

    private func refused(_ subject: String, _ reason: String) -> CredentialStoreError {
        CredentialStoreError(
            code: .profileInvalid,
            subject: subject,
            reason: reason,
            remedy: "name the export of this cluster that was made last"
        )
    }
}
