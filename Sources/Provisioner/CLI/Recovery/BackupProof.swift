import Foundation
import PKI
import ProvisionCore
import Templates

/// What proves a back-up: digests, the snapshot's own hash, a member that boots from it, and Secrets that open.
struct BackupProof {
    struct Line: Encodable {
        var check: String
        var passed: Bool
        var text: String
    }

    let opened: BackupFile.Opened
    let place: Workplace

    func lines(_ etcd: LocalEtcd) async throws -> [Line] {
        let manifest = opened.manifest
        let differences = manifest.differences(from: opened.found)
        var lines = [
            Line(
                check: "digests",
                passed: differences.isEmpty,
                text: differences.isEmpty
                    ? "\(counted(manifest.files.count, "file")), each with its size and SHA-256"
                    : differences.joined(separator: "; ")
            )
        ]
        let answer = try await etcd.trial(of: opened.snapshot, in: place)
        lines += [file(answer), boot(answer)]
        if answer.isComplete { lines.append(try secrets(answer)) }
        return lines
    }

    private func file(_ answer: TrialAnswer) -> Line {
        let wanted = opened.manifest.snapshot
        let text =
            answer.file.map {
                "revision \($0.revision), hash \(String($0.hash, radix: 16)), \(counted($0.totalKeys, "key"))"
            }
            ?? "cannot be read: \(Sanitised.text(answer.words.joined(separator: " "), limit: 400))"
        let passed = answer.file == wanted
        let difference =
            passed ? "" : "; the manifest says revision \(wanted.revision), hash \(String(wanted.hash, radix: 16))"
        return Line(check: "snapshot", passed: passed, text: text + difference)
    }

    private func boot(_ answer: TrialAnswer) -> Line {
        guard answer.isComplete, let status = answer.status else {
            let words = Sanitised.text(answer.words.joined(separator: " "), limit: 600)
            return Line(check: "etcd boots", passed: false, text: "it does not: \(words)")
        }
        let wanted = opened.manifest.snapshot.revision
        let keys = counted(answer.keys, "key")
        return Line(
            check: "etcd boots",
            passed: status.revision == wanted && answer.keys > 0,
            text: "etcd \(status.version) at revision \(status.revision) of \(wanted), with \(keys)"
        )
    }

    /// The archived keys against what etcd holds.
    private func secrets(_ answer: TrialAnswer) throws -> Line {
        let keys = try archivedKeys()
        guard !answer.secrets.isEmpty else {
            return Line(check: "secrets", passed: true, text: "there is no Secret in it; no key was tried")
        }
        var opened = 0
        var plain = 0
        var closed: [String] = []
        for (name, bytes) in answer.secrets {
            if StoredSecret.isPlain(bytes) {
                plain += 1
            } else if let value = EncryptedValue(bytes), try StoredSecret.opens(value, with: keys) {
                opened += 1
            } else {
                closed.append(name)
            }
        }
        guard closed.isEmpty else {
            let text =
                "\(closed.count) of \(answer.secrets.count) \(closed.count == 1 ? "does" : "do") not open with the archived keys, "
                + "\(closed[0]) first"
            return Line(check: "secrets", passed: false, text: text)
        }
        let text = "\(opened) of \(answer.secrets.count) decrypted with the archived key"
        return Line(
            check: "secrets",
            passed: true,
            text: plain == 0 ? text : "\(text), \(counted(plain, "lies", "lie")) there in plain text"
        )
    }

    /// Only what the keys need is written, into the private directory.
    private func archivedKeys() throws -> [Secret<[UInt8]>] {
        let store = CredentialStore(directory: place.file("keys"), now: 0, dryRun: true)
        let needed = opened.store.filter { !$0.name.contains("/") && $0.name != "cluster-id" }
        try store.restore(needed)
        return try store.storedEncryptionKeys().map(\.bytes)
    }
}
