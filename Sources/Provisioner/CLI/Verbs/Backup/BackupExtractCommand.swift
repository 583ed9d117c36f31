import ArgumentParser
import Foundation
import PKI
import ProvisionCore
import Templates

/// `provision backup extract`: what a new operator's machine needs before it can restore.
struct BackupExtractCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extract",
        abstract: "Write the inventory, the lock file and what the inventory names into a new directory.",
        discussion: """
            Where the operator's machine is lost the archive and its key are enough. With --store the credential store is \
            put where the inventory says: the cluster that stands can be looked after again. Without it keys stay in \
            the archive, and provision backup restore puts them there together with etcd's state.

            EXAMPLES:
              provision backup extract --to rescue lab.backup
              provision backup extract --to rescue --store --key-file KEY lab.backup

            Exit status: 0 done, 1 it cannot be opened, or the directory is not empty.
            """
    )

    @Argument(help: "The back-up.", completion: .file(extensions: ["backup"]))
    var file: String

    @OptionGroup var key: SealKeyOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: "The directory; it must be new or empty.", completion: .directory)
    var to: String

    @Flag(name: .long, help: "Also the credential store, with the authorities' keys.")
    var store = false

    @Flag(name: .long, help: "Also etcd's state, as provision etcd restore takes it.")
    var snapshot = false

    @OptionGroup var input: InputOptions

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            let directory = Places.absolute(to)
            try makeEmpty(directory)
            let backup = BackupFile(path: file)
            let opening = try key.opening(file, head: try backup.head(), mayAsk: !input.noInput, console: console)
            try await Workplace.with { place in
                let opened = try await backup.open(key: opening, snapshot: place.file("etcd.db"))
                try write(opened, in: directory, console)
                if snapshot {
                    let path = "\(directory)/\(BackupManifest.Name.snapshot)"
                    try FileManager.default.copyItem(atPath: opened.snapshot, toPath: path)
                    console.result(path)
                }
            }
            let next = store ? "plan inventory.yaml" : "backup restore --plan \(Places.absolute(file)) inventory.yaml"
            console.note("next  cd \(directory) && provision \(next)")
        }
    }

    private func write(_ opened: BackupFile.Opened, in directory: String, _ console: Console) throws {
        for (name, path) in BackupManifest.Name.carried(among: opened.files.keys.sorted()) {
            guard let content = opened.files[name] else { continue }
            try PrivateFile.write(content.reveal(), to: "\(directory)/\(path)")
            console.result("\(directory)/\(path)")
        }
        let inventory = "\(directory)/\(BackupManifest.Name.inventory)"
        let spec = try LoadedInventory(inventory, console: Console(quiet: true, noColour: output.noColor)).spec
        let lock = "\(directory)/\(BackupManifest.Name.lock)"
        let files = FileManager.default
        if files.fileExists(atPath: lock), !files.fileExists(atPath: spec.artifacts.lockFile) {
            try files.moveItem(atPath: lock, toPath: spec.artifacts.lockFile)
            console.note("the lock file is \(spec.artifacts.lockFile), as the inventory calls it")
        }
        guard store else { return }
        let target = CredentialStore(directory: spec.pki.directory, now: Int64(Date().timeIntervalSince1970))
        try target.restore(opened.store)
        console.result("\(spec.pki.directory)/")
    }

    private func makeEmpty(_ directory: String) throws {
        let files = FileManager.default
        let found = (try? files.contentsOfDirectory(atPath: directory)) ?? []
        guard found.isEmpty else {
            throw CommandFailure("\(directory): it is not empty", remedy: "give a new directory", status: .failed)
        }
        try files.createDirectory(
            atPath: directory,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }
}
