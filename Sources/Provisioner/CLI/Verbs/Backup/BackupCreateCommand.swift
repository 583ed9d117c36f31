import ArgumentParser
import Foundation
import PKI
import ProvisionArtifacts
import ProvisionCore
import ProvisionEngine
import SystemPackage
import Templates

/// `provision backup create`: one sealed file.
struct BackupCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Save etcd, the credential store, the inventory and the lock file into one sealed file.",
        discussion: """
            EXAMPLES:
              provision backup create inventory.yaml   # asks for a passphrase twice
              provision backup create --passphrase-file FILE --output backups --keep 7 \\
                  inventory.yaml
              provision backup create --recovery-code inventory.yaml   # shows it once

            Sealed with AES-256-GCM under a key that scrypt makes; read back and compared before it counts. A copy of the \
            store's own passphrase or key (pki.passphraseFile, pki.keyFile) is not in it.

            Exit status: 0 made and read back, 1 not made, 6 no etcd member is healthy, 8 the store is not as it must be, 130 \
            stopped between two steps: it says what exists.
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var key: SealKeyOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .customLong("output"), help: "The directory to write to.", completion: .directory)
    var directory = "."

    @Option(name: .long, help: "Another directory that gets a copy.", completion: .directory)
    var copyTo: String?

    @Option(name: .long, help: "Keep this many back-ups of this cluster in each directory, the newest; at least 1.")
    var keep: Int?

    @Flag(name: .long, help: "Make a recovery code, seal with it, and show it once at the terminal.")
    var recoveryCode = false

    func validate() throws {
        if let keep, keep < 1 { throw ValidationError("--keep takes 1 or more") }
        if recoveryCode, key.keyFile != nil || key.passphraseFile != nil {
            throw ValidationError("--recovery-code makes the key; leave --key-file and --passphrase-file out")
        }
    }

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            let access = try await HostAccess("backup-create", options, console)
            let (sealing, code) = try sealingKey(console)
            let clusterID = try await Workplace.with { place -> String in
                let made = try await BackupMaking(access: access, place: place)
                    .make(in: Places.absolute(directory), key: sealing)
                console.result(made.path)
                console.note(made.words)
                // In no record; before anything can end it, since nobody else knows what opens the file.
                if let code { console.problem("recovery code, shown this once: \(code.text.reveal())", as: nil) }
                if let copyTo {
                    try access.stopRequest.check(
                        "\(made.path) is made and read back; no copy was made",
                        remedy: "copy it to \(copyTo) by hand"
                    )
                    try copy(made.path, to: Places.absolute(copyTo), console)
                }
                return made.clusterID
            }
            guard let keep else { return }
            try access.stopRequest.check(
                "the back-up is made and read back; older ones were not looked at",
                remedy: "the next one with --keep \(keep) removes what is too many"
            )
            for folder in [directory, copyTo].compactMap(\.self) {
                try prune(Places.absolute(folder), of: access.spec.name, clusterID, keep, console)
            }
        }
    }

    private func sealingKey(_ console: Console) throws -> (SealedArchive.Key, RecoveryCode?) {
        guard recoveryCode else { return (try key.sealing(mayAsk: !options.noInput, console: console), nil) }
        guard console.isInteractive else {
            let what = "a recovery code is shown at a terminal only, and there is none"
            throw CommandFailure(what, remedy: "--passphrase-file FILE, or --key-file FILE", status: .usage)
        }
        let code = try RecoveryCode.generate()
        return (.recoveryCode(code.text), code)
    }

    /// Whole or not at all: a copy that was cut off must not look like a back-up.
    private func copy(_ path: String, to folder: String, _ console: Console) throws {
        let files = FileManager.default
        let target = "\(folder)/\(URL(filePath: path).lastPathComponent)"
        let part = "\(target).part"
        do {
            try? files.removeItem(atPath: part)
            try files.copyItem(atPath: path, toPath: part)
            let written = try FileHasher.hash(FilePath(part)).sha256
            guard try FileHasher.hash(FilePath(path)).sha256 == written else { throw CocoaError(.fileReadCorruptFile) }
            try files.moveItem(atPath: part, toPath: target)
        } catch {
            try? files.removeItem(atPath: part)
            throw CommandFailure(
                "\(folder): no copy was made: \(error.localizedDescription)",
                remedy: "the back-up itself lies at \(path); mend the directory and copy it there",
                status: .failed
            )
        }
        console.note("copied to \(target)")
    }

    private func prune(
        _ folder: String,
        of cluster: String,
        _ clusterID: String,
        _ keep: Int,
        _ console: Console
    ) throws {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in BackupName.expired(names, of: cluster, clusterID: clusterID, keep: keep) {
            try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
            console.note("removed \(name) from \(folder): the newest \(max(1, keep)) stay")
        }
        let old = names.compactMap { BackupName(file: $0) }.count { $0.cluster == cluster && $0.id == nil }
        guard old > 0 else { return }
        let left = counted(old, "back-up of an older version stays", "back-ups of an older version stay")
        console.note("\(left) in \(folder): no name says which \(cluster) it was")
    }
}
