import Foundation
import PKI
import ProvisionArtifacts
import ProvisionCore
import ProvisionEngine
import Templates

/// Gathers what a back-up holds, seals it, and reads it back.
struct BackupMaking {
    let access: HostAccess
    let place: Workplace

    struct Made {
        var path: String
        var words: String
        var clusterID: String
    }

    func make(in directory: String, key: SealedArchive.Key) async throws -> Made {
        let store = try Materials(spec: access.spec, console: access.console, places: Places()).store(dryRun: true)
        guard let clusterID = try store.existingClusterID() else {
            throw CommandFailure(
                "\(access.spec.pki.directory): there is no credential store, so there is nothing that a back-up could bring back",
                remedy: "run this where the cluster's store is",
                status: .refused
            )
        }
        let taken = try await SnapshotTaking(access: access).take(to: place.file("etcd.db"))
        try checkpoint()
        let now = Timestamp.now()
        let entries = try entries(store, taken, await versions(), now: now, clusterID: clusterID)
        try checkpoint()
        let revision = taken.snapshot.content.revision
        let name = BackupName(
            cluster: access.spec.name,
            clusterID: clusterID,
            time: FileTime.name(now),
            revision: revision
        ).file
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let file = BackupFile(path: "\(directory)/\(name)")
        let modified = Int64(Date().timeIntervalSince1970)
        let size = try await file.write(entries, modified: modified, key: key)
        // No stop between these two: what lies under a back-up's name has been read back.
        try await proveReadable(file, key)
        let words =
            "revision \(revision), \(counted(entries.count, "file")), \(ByteCount.text(size)), snapshot of \(taken.host); "
            + "prove it: provision backup verify \(name)"
        return Made(path: file.path, words: words, clusterID: clusterID)
    }

    private func checkpoint() throws {
        try access.stopRequest.check(
            "no back-up was made; the snapshot that was taken for it is gone",
            remedy: "run the same command again"
        )
    }

    /// What this machine would install; a back-up never fails for it.
    private func versions() async -> [String: String]? {
        let access = ArtifactAccess(spec: access.spec, console: access.console, places: Places())
        return (try? await access.present()).flatMap(\.self).map { set in
            set.artifacts.reduce(into: [:]) { $0[$1.id.rawValue] = $1.version }
        }
    }

    private func entries(
        _ store: CredentialStore,
        _ taken: SnapshotTaking.Taken,
        _ versions: [String: String]?,
        now: String,
        clusterID: String
    ) throws -> [BackupEntry] {
        let snapshot = taken.snapshot
        var entries = [
            BackupEntry(
                BackupManifest.Name.snapshot,
                file: place.file("etcd.db"),
                size: snapshot.size,
                sha256: snapshot.sha256
            )
        ]
        let named = [
            (BackupManifest.Name.inventory, Places.absolute(access.inventory)),
            (BackupManifest.Name.lock, access.spec.artifacts.lockFile),
        ]
        for (name, path) in named {
            guard let data = FileManager.default.contents(atPath: path) else {
                access.console.problem("‼ \(path) is not there, so the back-up is without it")
                continue
            }
            entries.append(BackupEntry(name, Secret(Array(data))))
        }
        entries += namedFiles()
        entries += try store.files().map { BackupEntry(BackupManifest.Name.store + $0.name, $0.content) }
        let manifest = BackupManifest(
            tool: Version.text,
            spec: access.spec,
            clusterID: clusterID,
            created: now,
            member: taken.host,
            snapshot: snapshot.content,
            versions: versions,
            files: entries.map(\.described)
        )
        return [BackupEntry(BackupManifest.Name.manifest, Secret(Array(JSONOutput.text(manifest).utf8)))] + entries
    }

    /// Token and policy files and hooks' playbooks that lie beside the inventory or below it; others are said to be missing.
    private func namedFiles() -> [BackupEntry] {
        let folder = URL(fileURLWithPath: Places.absolute(access.inventory)).deletingLastPathComponent().path + "/"
        let features = access.spec.features
        let paths =
            [features.staticTokenFile, features.abacPolicyFile].compactMap(\.self)
            + access.spec.hooks.playbooks.values.flatMap(\.self)
        return Set(paths).sorted().compactMap { path in
            let name = BackupManifest.Name.named + path.dropFirst(folder.count)
            guard path.hasPrefix(folder), name.utf8.count <= 100, let data = FileManager.default.contents(atPath: path)
            else {
                access.console.problem("‼ \(path) is not in the back-up: it does not lie beside the inventory")
                return nil
            }
            return BackupEntry(name, Secret(Array(data)))
        }
    }

    private func proveReadable(_ file: BackupFile, _ key: SealedArchive.Key) async throws {
        let opened = try await file.open(key: key, snapshot: place.file("proof.db"))
        let differences = opened.manifest.differences(from: opened.found)
        guard differences.isEmpty else {
            throw CommandFailure(
                "\(file.path): read back, it is not what was written: \(differences.joined(separator: "; "))",
                remedy: "write it to another disk; this file is not a back-up",
                status: .failed
            )
        }
        try? FileManager.default.removeItem(atPath: place.file("proof.db"))
    }
}
