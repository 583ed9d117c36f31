import ArgumentParser
import Foundation
import PKI
import ProvisionCore
import Templates

/// `provision certs extract`: the copy of the store that a rotation made, back into a directory.
struct CertsExtractCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extract",
        abstract: "Unpack the copy of the store that a rotation made, into a new directory.",
        discussion: """
            EXAMPLES:
              provision certs extract --to rescued \\
                  copies/ca-20261125T024000Z-n1a2b.store.cms inventory.yaml
              provision certs extract --to rescued --passphrase-file code COPY \\
                  inventory.yaml

            It opens with the store's own passphrase or key (pki), or with the recovery code that was shown when it was \
            made. It is the store from before that rotation: hosts that have gone on since trust more than it knows.

            \(ExitStatusLine.text("0 unpacked, 1 it cannot be read or opened, or the directory is not empty", .inventory))
            """
    )

    @Argument(help: "The copy, from the directory copies of a store.", completion: .file()) var file: String
    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: "The directory; it must be new or empty.", completion: .directory)
    var to: String

    @Option(
        name: .long,
        help: "A file whose first line is the recovery code, or the passphrase that the store had then.",
        completion: .file()
    )
    var passphraseFile: String?

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            let inventory = try LoadedInventory(options.inventory, console: console)
            guard let copy = FileManager.default.contents(atPath: Places.absolute(file)) else {
                throw CommandFailure("\(file) cannot be read", remedy: "check its path and its mode", status: .failed)
            }
            let bytes = Array(copy)
            let isSealed = CredentialStore.isSealed(copy: bytes)
            let phrase = isSealed ? try passphrase(inventory.spec.pki, console) : nil
            let files = try CredentialStore.files(ofCopy: bytes, named: file, passphrase: phrase)
            let directory = Places.absolute(to)
            let now = Int64(Date().timeIntervalSince1970)
            try CredentialStore(directory: directory, now: now).restore(files)
            console.result(directory)
            let count = counted(files.count, "file")
            console.note("\(count); to use the store name \(directory) as pki.directory, or move it there")
            console.note("next  provision plan \(options.inventory)")
        }
    }

    private func passphrase(_ pki: PKISpec, _ console: Console) throws -> Secret<String> {
        if let passphraseFile { return try SecretFile.firstLine(passphraseFile) }
        let mayAsk = !options.noInput && console.canAsk
        if let source = StoreSecret(pki: pki, mayAsk: mayAsk).source { return try source(.opening) }
        guard mayAsk, let typed = Prompt.secret("recovery code of \(file)") else {
            throw CommandFailure("\(file) needs its recovery code", remedy: "--passphrase-file FILE", status: .usage)
        }
        return Secret(typed)
    }
}
