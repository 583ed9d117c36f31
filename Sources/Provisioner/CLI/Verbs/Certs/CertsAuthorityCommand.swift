import ArgumentParser
import Foundation
import PKI
import ProvisionCore
import Templates

/// `provision certs ca`: the authorities' keys on their way out of the store and back.
struct CertsAuthorityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ca",
        abstract: "Back up the authorities' keys, take them out of the store, put them back.",
        discussion: """
            EXAMPLES:
              provision certs ca export --to cluster.keys inventory.yaml
              provision certs ca escrow --to /mnt/cluster.keys --remove inventory.yaml
              provision certs ca import cluster.keys inventory.yaml
            """,
        subcommands: [CertsExportCommand.self, CertsEscrowCommand.self, CertsImportCommand.self]
    )
}

/// What opens an export: a code that is made and printed once, or a passphrase from a file.
struct ExportKeyOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "A file whose first line is the passphrase, instead of a recovery code.",
        completion: .file()
    )
    var passphraseFile: String?

    func given() throws -> SealedArchive.Key? {
        try passphraseFile.map { .passphrase(try SecretFile.firstLine($0)) }
    }
}

/// An export of the authorities: sealed, written, read again and opened before it counts.
struct AuthorityExport {
    let bundle: AuthorityBundle
    let path: String
    let console: Console

    init(_ options: InventoryOptions, to file: String, _ console: Console) throws {
        let inventory = try LoadedInventory(options.inventory, console: console)
        let mayAsk = !options.noInput
        let materials = Materials(spec: inventory.spec, console: console, places: Places(), mayAsk: mayAsk)
        let store = try materials.store(dryRun: true)
        bundle = try store.bundle(CertificateRequests.authorities(of: inventory.spec))
        path = Places.absolute(file)
        self.console = console
    }

    /// Writes the export; where no passphrase is given, prints its recovery code once.
    func write(_ given: SealedArchive.Key?) throws {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw CommandFailure("\(path) is there already", remedy: "name another file", status: .refused)
        }
        let code = try given == nil ? RecoveryCode.generate() : nil
        guard let key = given ?? code.map({ .recoveryCode($0.text) }) else { return }
        let plain = try bundle.bytes()
        try PrivateFile.write(try SealedArchive.seal(plain.reveal(), with: key), to: path)
        guard let written = FileManager.default.contents(atPath: path),
            try SealedArchive.open(Array(written), with: key).reveal() == plain.reveal()
        else {
            throw CommandFailure(
                "\(path) does not open to what was put into it",
                remedy: "try another disk",
                status: .failed
            )
        }
        let names = bundle.members.map { "\($0.name) generation \($0.generation)" }.joined(separator: ", ")
        console.note("\(path) holds \(names); it was read again and opened")
        guard let code else { return }
        console.note("Its recovery code is shown only now; keep it apart from the file:")
        console.result(code.text.reveal())
    }
}

/// `provision certs ca export`: a back-up of the authorities' keys.
struct CertsExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Seal the authorities' keys into a file; its recovery code is printed once.",
        discussion: """
            EXAMPLES:
              provision certs ca export --to cluster.keys inventory.yaml
              provision certs ca export --to cluster.keys --passphrase-file secret \\
                  inventory.yaml

            \(ExitStatusLine.text("0 written and opened again, 1 not written, 8 refused", .inventory))
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var key: ExportKeyOptions

    @Option(name: .long, help: "The file to write, mode 0600.", completion: .file())
    var to: String

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            try AuthorityExport(options, to: to, console).write(try key.given())
        }
    }
}

/// `provision certs ca escrow`: the same, and the keys leave the store.
struct CertsEscrowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "escrow",
        abstract: "Seal the authorities' keys into a file, then take them out of the store.",
        discussion: """
            From then on apply writes signing requests instead of issuing, until the keys are imported again or each \
            request is signed where the keys are.

            EXAMPLES:
              provision certs ca escrow --to /mnt/cluster.keys --remove inventory.yaml

            \(ExitStatusLine.text("0 done or shown, 1 not written, 5 another process is at work in the store, 8 refused", .inventory))
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var key: ExportKeyOptions

    @Option(name: .long, help: "The file to write, mode 0600.", completion: .file())
    var to: String

    @Flag(name: .long, help: "Take the keys out of the store, once the file was proven to open.")
    var remove = false

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            let export = try AuthorityExport(options, to: to, console)
            guard remove else {
                let names = export.bundle.members.map(\.name).joined(separator: ", ")
                return console.result("would leave the store: the keys of \(names); nothing was done, add --remove")
            }
            try export.write(try key.given())
            let inventory = try LoadedInventory(options.inventory, console: console)
            let store = try Materials(spec: inventory.spec, console: console, places: Places()).store(dryRun: false)
            let lock = try store.lockForRotation()
            let gone = try store.removeKeys(in: export.bundle, exported: export.path)
            withExtendedLifetime(lock) {}
            console.note("the store has no key of \(gone.joined(separator: ", ")) any more; copies/ and archive/ may")
        }
    }
}

/// `provision certs ca import`: keys back into a store that lacks them.
struct CertsImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Put exported keys back into a store that lacks them, each checked against its certificate.",
        discussion: """
            An export holds the authorities alone. Where the whole store was lost, sa.key and encryption.key come from a \
            controller before anything is applied; what is missing is said (docs/certificates.md, "The store is lost").

            EXAMPLES:
              provision certs ca import cluster.keys inventory.yaml   # asks for the code
              provision certs ca import --code-file code cluster.keys inventory.yaml
              provision certs ca import --passphrase-file secret cluster.keys \\
                  inventory.yaml

            \(ExitStatusLine.text("0 put back, 1 it cannot be read or opened, 5 another process is at work in the store, 8 refused", .inventory))
            """
    )

    @Argument(help: "The file that export or escrow wrote.", completion: .file()) var file: String
    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var key: ExportKeyOptions

    @Option(name: .long, help: "A file whose first line is the recovery code.", completion: .file())
    var codeFile: String?

    func validate() throws {
        if codeFile != nil, key.passphraseFile != nil {
            throw ValidationError(
                "--code-file and --passphrase-file both open the file; give the one that it was made with"
            )
        }
    }

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            let inventory = try LoadedInventory(options.inventory, console: console)
            guard let sealed = FileManager.default.contents(atPath: Places.absolute(file)) else {
                throw CommandFailure("\(file) cannot be read", remedy: "check its path and its mode", status: .failed)
            }
            let plain = try SealedArchive.open(Array(sealed), with: try opening(console))
            let mayAsk = !options.noInput
            let materials = Materials(spec: inventory.spec, console: console, places: Places(), mayAsk: mayAsk)
            let store = try materials.store(dryRun: false)
            let lock = try store.lockForRotation()
            let (restored, present) = try store.restore(try AuthorityBundle(reading: plain))
            withExtendedLifetime(lock) {}
            if !present.isEmpty { console.note("was there already: \(present.joined(separator: ", "))") }
            if let refusal = try store.lostKeys(encrypts: inventory.spec.features.encryption != .none) {
                console.problem("‼ not enough for apply yet: \(refusal)")
            }
            console.result(
                restored.isEmpty
                    ? "nothing was missing"
                    : "put back, each proven by its certificate: \(restored.joined(separator: ", "))"
            )
        }
    }

    private func opening(_ console: Console) throws -> SealedArchive.Key {
        if let given = try key.given() { return given }
        if let codeFile { return .recoveryCode(try SecretFile.firstLine(codeFile)) }
        guard !options.noInput, console.canAsk, let typed = Prompt.secret("recovery code of \(file)") else {
            throw CommandFailure(
                "\(file) needs its recovery code",
                remedy: "use --code-file or --passphrase-file",
                status: .usage
            )
        }
        return .recoveryCode(Secret(typed))
    }
}
