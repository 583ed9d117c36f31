import PKI
import ProvisionCore
import Templates

/// Whether API servers could read the Secrets of a bare snapshot; a back-up brings its keys along.
struct SnapshotKeyGuard {
    let spec: ClusterSpec
    let store: CredentialStore
    let inventory: String
    let console: Console

    /// Refuses one that the store's keys do not open, before anything is changed.
    ///
    /// - Throws: `CommandFailure` that names the keys; `CredentialStoreError`, `OpenSSLError`.
    func check(_ snapshot: String, _ etcd: LocalEtcd, in place: Workplace) async throws {
        let unknown = SnapshotKeys.unknowable(spec)
        guard unknown.isEmpty else {
            return console.problem(
                "‼ not checked: whether API servers could read the snapshot's Secrets, since --encryption-provider-config "
                    + "in extraFlags names keys of your own (\(unknown.joined(separator: ", ")))"
            )
        }
        guard let answer = try await asked(snapshot, etcd, in: place) else { return }
        let present = try store.storedEncryptionKeys().map {
            ClusterMaterials.EncryptionKey(generation: $0.generation, bytes: $0.bytes)
        }
        let keys = SnapshotKeys(provider: spec.features.encryption, keys: present)
        let gaps = try keys.unreadable(answer)
        guard !gaps.isEmpty else { return }
        let kept = try store.keptEncryptionKeys()
        var remedies: [String] = []
        for (use, gap) in gaps {
            let found = try SnapshotKeys.key(of: use, in: answer, among: kept)
            let words = remedy(use, gap, found?.path)
            if !remedies.contains(words) { remedies.append(words) }
        }
        let reasons = gaps.map { reason($0.use, $0.gap, keys.names) }
        throw CommandFailure(
            "\(snapshot): restored, nobody could read its Secrets: \(reasons.joined(separator: "; "))",
            remedy: remedies.joined(separator: "; "),
            status: .refused
        )
    }

    /// What a survivor holds can be asked only once everything stands still, too late to refuse.
    func remark(on member: HostSpec) {
        console.problem(
            "‼ not checked: whether the store's keys open the Secrets that \(member.name) holds; those that lie under a key "
                + "of before a rotation could be read by nobody, and docs/recovery.md says how to use a former key"
        )
    }

    /// What an etcd that starts from the snapshot says; `nil` where none does, which is said and is no reason to refuse.
    private func asked(_ snapshot: String, _ etcd: LocalEtcd, in place: Workplace) async throws -> TrialAnswer? {
        console.note("   asking an etcd on this machine's loopback which keys the snapshot's Secrets need")
        let words: String
        do {
            let answer = try await etcd.trial(of: snapshot, in: place)
            if answer.isComplete { return answer }
            words = answer.words.joined(separator: " ")
        } catch {
            guard !Task.isCancelled else { throw error }
            words = "\(error)"
        }
        console.problem(
            "‼ not checked: whether the store's keys open the snapshot's Secrets, since no etcd starts from it here: "
                + Sanitised.text(words, limit: 400)
        )
        return nil
    }

    private func reason(_ use: EncryptionUse, _ gap: SnapshotKeys.Gap, _ names: [String]) -> String {
        let key = Sanitised.text(use.key, limit: 60)
        let lie = "\(use.secrets) lie under \(key) of \(use.provider)"
        switch gap {
        case .provider: return "\(lie), the inventory has features.encryption: \(spec.features.encryption.rawValue)"
        case .name where names.isEmpty: return "\(lie), and \(spec.pki.directory) has no key"
        case .name: return "\(lie), and API servers would have \(names.joined(separator: " and ")) only"
        case .content: return "\(lie), and the key of that name in \(spec.pki.directory) is another"
        }
    }

    private func remedy(_ use: EncryptionUse, _ gap: SnapshotKeys.Gap, _ path: String?) -> String {
        if gap == .provider {
            let provider = FeatureSpec.EncryptionProvider(rawValue: use.provider)?.rawValue
            return provider.map { "set features.encryption: \($0)" } ?? "restore a snapshot of this tool's making"
        }
        let backup = "a back-up of that time, which brings its key: provision backup restore FILE \(inventory)"
        guard let path else { return "the store has that key nowhere; use a later snapshot, or \(backup)" }
        return "use a later snapshot, or \(backup); the key lies in \(path), and docs/recovery.md says how to use it"
    }
}
