import ArgumentParser
import Foundation
import ProvisionCore
import Templates

/// `provision backup verify`: a back-up is one only when something came back from it.
struct BackupVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove a back-up: digests, a member that boots from it, Secrets that open; no host is needed.",
        discussion: """
            EXAMPLES:
              provision backup verify lab.7f3c1f0e-20261125T024000Z-r1234.backup
              provision backup verify --passphrase-file FILE -o json \\
                  lab.7f3c1f0e-20261125T024000Z-r1234.backup

            etcd runs for some seconds on this machine's loopback, for a client certificate of its own only, in a private \
            directory that goes with it.

            Exit status: 0 proven, 1 it cannot be opened, 6 it is not what its manifest says.
            """
    )

    @Argument(help: "The back-up.", completion: .file(extensions: ["backup"]))
    var file: String

    @OptionGroup var key: SealKeyOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: "An inventory that says where etcd's programs come from; else the archived one.")
    var inventory: String?

    @OptionGroup var input: InputOptions

    @OptionGroup var format: FormatOptions

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            let backup = BackupFile(path: file)
            let opening = try key.opening(file, head: try backup.head(), mayAsk: !input.noInput, console: console)
            try await Workplace.with { place in
                let opened = try await backup.open(key: opening, snapshot: place.file("etcd.db"))
                let spec = try spec(opened, place, console)
                let lines = try await BackupProof(opened: opened, place: place).lines(LocalEtcd(spec, console))
                show(opened.manifest, lines, console)
                guard lines.allSatisfy(\.passed) else { throw ExitStatus.gateFailed.code }
            }
        }
    }

    private func spec(_ opened: BackupFile.Opened, _ place: Workplace, _ console: Console) throws -> ClusterSpec {
        if let inventory { return try LoadedInventory(inventory, console: console).spec }
        guard let bytes = opened.files[BackupManifest.Name.inventory] else {
            throw CommandFailure("\(file): it holds no inventory", remedy: "--inventory FILE", status: .usage)
        }
        let quiet = Console(quiet: true, noColour: output.noColor)
        return try LoadedInventory(
            bytes.reveal(),
            path: "\(file): \(BackupManifest.Name.inventory)",
            directory: place.path,
            console: quiet
        ).spec
    }

    private func show(_ manifest: BackupManifest, _ lines: [BackupProof.Line], _ console: Console) {
        guard !format.isJSON else { return console.result(JSONOutput.text(BackupProofDocument(manifest, lines))) }
        console.result(
            "\(manifest.cluster), \(manifest.created), Kubernetes \(manifest.kubernetes), made by \(manifest.tool)"
        )
        for line in lines {
            let sign = line.passed ? console.paint("√", .green) : console.paint("×", .red)
            console.result("\(sign) \(line.check.padding(to: 10))  \(line.text)")
        }
    }
}
