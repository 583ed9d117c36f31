import ArgumentParser
import Foundation
import PKI
import ProvisionCore
import ProvisionEngine
import Templates

/// `provision backup create`: one sealed file.
struct BackupCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Save etcd, the credential store, the inventory and the lock file into one sealed file.",
        discussion: """
            EXAMPLES:
              provision backup create inventory.yaml                       asks for a passphrase twice
              provision backup create --passphrase-file FILE --output backups --keep 7 inventory.yaml
              provision backup create --recovery-code inventory.yaml       prints a code once; write it down

            Sealed with AES-256-GCM under a key that scrypt makes; read back and compared before it counts. A copy of the
            store's own passphrase (pki.passphraseFile) is not in it.

            Exit status: 0 made and read back, 1 not made, 6 no etcd member is healthy, 8 the store is not as it must be.
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var key: SealKeyOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .customLong("output"), help: "The directory to write to.", completion: .directory)
    var directory = "."

    @Option(name: .long, help: "Keep so many back-ups of this cluster in the directory, the newest; at least 1.")
    var keep: Int?

    @Flag(name: .long, help: "Make a recovery code, seal with it, and show it once at the terminal.")
    var recoveryCode = false

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            let access = try await HostAccess("backup-create", options, console)
            let (sealing, code) = try sealingKey(console)
            try await Workplace.with { place in
                let made = try await BackupMaking(access: access, place: place)
                    .make(in: Places.absolute(directory), key: sealing)
                console.result(made.path)
                console.note(made.words)
                if let code { console.problem("recovery code, shown this once: \(code.text.reveal())") }
            }
            if let keep { try prune(access.spec.name, keep, console) }
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

    private func prune(_ cluster: String, _ keep: Int, _ console: Console) throws {
        let folder = Places.absolute(directory)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in BackupName.expired(names, of: cluster, keep: keep) {
            try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
            console.note("removed \(name): the newest \(max(1, keep)) stay")
        }
    }
}
