import ArgumentParser
import Foundation
import PKI
import ProvisionCore
import Templates

/// `provision backup restore`: the cluster as it was, on the same hosts or on others.
struct BackupRestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Bring a cluster back from a back-up, on the same hosts or on others.",
        discussion: """
            EXAMPLES:
              provision backup restore --plan FILE inventory.yaml   # what would be lost
              provision backup restore FILE inventory.yaml   # asks for the cluster's name
              provision backup restore --confirm my-cluster --passphrase-file P FILE \\
                  inventory.yaml

            The inventory says where to: hosts with other addresses get certificates for them. Where its credential store is \
            empty, the archived one is put there; a store of the same cluster stays as it is, another cluster's is refused. \
            Hosts that the inventory does not name are forgotten: they may go on as the cluster that the back-up is of. \
            While certificates are being rotated it is refused without --during-rotation.

            Ctrl-C before data is swapped gives the restore up and starts again what had stopped; from then on it waits until \
            everything is started.

            Exit status: 0 restored and healthy, 1 failed, 5 a host is locked by another run, 6 something did not start or \
            stop, 7 a connection was lost in a step, 8 refused, 64 usage, 130 stopped: it says whether data was swapped.
            """
    )

    @Argument(help: "The back-up.", completion: .file(extensions: ["backup"]))
    var file: String

    @OptionGroup var options: InventoryOptions
    @OptionGroup var key: SealKeyOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var rotation: RotationOptions

    @Flag(name: .long, help: "Only show what would be done; read-only.")
    var plan = false

    @Option(name: .long, help: "The cluster's name, in place of the question.")
    var confirm: String?

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            let access = try await HostAccess("backup-restore", options, console, onlyAsks: plan)
            let mayAsk = !options.noInput && console.canAsk
            let confirmation = NameConfirmation(
                action: "a restore",
                cluster: access.spec.name,
                confirm: confirm,
                preview: "provision backup restore --plan \(file) \(options.inventory)"
            )
            if !plan { try confirmation.check(mayAsk: mayAsk) }
            let turn = try rotation.admit("etcd's state would be put back", access, isPlan: plan)
            defer { withExtendedLifetime(turn) {} }
            let backup = BackupFile(path: file)
            let opening = try key.opening(file, head: try backup.head(), mayAsk: mayAsk, console: console)
            try await Workplace.with { place in
                let opened = try await backup.open(key: opening, snapshot: place.file("etcd.db"))
                let differences = opened.manifest.differences(from: opened.found)
                guard differences.isEmpty else {
                    let what = "\(file): it is not what its manifest says: \(differences.joined(separator: "; "))"
                    throw CommandFailure(what, remedy: "take another copy of it", status: .failed)
                }
                var run = RestoreRun(
                    verb: "backup-restore",
                    source: .file(
                        path: opened.snapshot,
                        content: opened.manifest.snapshot,
                        taken: opened.manifest.created
                    ),
                    options: options,
                    confirmation: confirmation,
                    isPlan: plan,
                    console: console,
                    place: place
                )
                run.ground = try ground(opened, access.spec, place)
                try await run.perform(access)
            }
        }
    }

    /// The store and the lock file, where there are none.
    private func ground(_ opened: BackupFile.Opened, _ spec: ClusterSpec, _ place: Workplace) throws -> RestoreGround {
        var ground = RestoreGround()
        try requireReaders(of: opened.manifest, spec)
        if opened.manifest.kubernetes != spec.versions.kubernetes.description {
            ground.words.append(
                "objects of Kubernetes \(opened.manifest.kubernetes) under \(spec.versions.kubernetes), as the inventory says"
            )
        }
        let store = CredentialStore(directory: spec.pki.directory, now: Int64(Date().timeIntervalSince1970))
        let files = try RestoredMembers(spec: spec).settled(opened.store)
        if store.isEmpty {
            ground.record = try RestoredMembers.record(in: opened.store)
            ground.words.append(
                "the credential store, \(counted(files.count, "file")), into \(spec.pki.directory), which is empty"
            )
        } else {
            try StoreAgreement(opened: opened, store: store, directory: spec.pki.directory, place: place).check()
        }
        let lock = spec.artifacts.lockFile
        let lockBytes = FileManager.default.fileExists(atPath: lock) ? nil : opened.files[BackupManifest.Name.lock]
        if lockBytes != nil { ground.words.append("the lock file, as \(lock)") }
        let isEmpty = store.isEmpty
        ground.prepare = {
            if isEmpty { try store.restore(files) }
            if let lockBytes { try Data(lockBytes.reveal()).write(to: URL(fileURLWithPath: lock), options: .atomic) }
        }
        return ground
    }
}

extension BackupRestoreCommand {
    /// Older API servers may not know newer objects, those of later minor releases no longer what is stored in old forms,
    /// and another provider cannot read Secrets.
    private func requireReaders(of manifest: BackupManifest, _ spec: ClusterSpec) throws {
        if let archived = KubernetesVersion(manifest.kubernetes),
            !(archived.minor...archived.minor + 1).contains(spec.versions.kubernetes.minor)
        {
            throw CommandFailure(
                "the back-up holds objects of Kubernetes \(archived), the inventory installs \(spec.versions.kubernetes)",
                remedy: "set versions.kubernetes: \(archived); upgrade one minor release at a time afterwards",
                status: .refused
            )
        }
        let provider = spec.features.encryption.rawValue
        guard manifest.encryption == "none" || manifest.encryption == provider else {
            throw CommandFailure(
                "its Secrets are encrypted with \(manifest.encryption), which features.encryption: \(provider) cannot read",
                remedy: "set features.encryption: \(manifest.encryption)",
                status: .refused
            )
        }
    }
}

/// Whether the store that is here can read what a back-up brings.
struct StoreAgreement {
    let opened: BackupFile.Opened
    let store: CredentialStore
    let directory: String
    let place: Workplace

    func check() throws {
        let id = try store.existingClusterID()
        guard id == opened.manifest.clusterID else {
            throw CommandFailure(
                "\(directory) is the store of the cluster \(id ?? "without an id"), the back-up is of \(opened.manifest.clusterID)",
                remedy: "name another pki.directory, or move this one aside; the archived store is then put there",
                status: .refused
            )
        }
        let archived = CredentialStore(directory: place.file("archived"), now: 0, dryRun: true)
        try archived.restore(opened.store.filter { !$0.name.contains("/") && $0.name != "cluster-id" })
        let known = try store.storedEncryptionKeys().map { $0.bytes.reveal() }
        guard try archived.storedEncryptionKeys().allSatisfy({ known.contains($0.bytes.reveal()) }) else {
            throw CommandFailure(
                "\(directory) holds a newer key for Secrets than the back-up: what it brings could not be read",
                remedy: "move \(directory) aside and run again: the archived store is then put there",
                status: .refused
            )
        }
    }
}
