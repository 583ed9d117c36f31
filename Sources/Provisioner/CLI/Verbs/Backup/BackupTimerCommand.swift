import ArgumentParser
import ProvisionCore
import Templates

/// `provision backup timer`: lets systemd make a back-up again and again.
struct BackupTimerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timer",
        abstract: "A systemd timer on this machine that runs backup create; shows its units unless --install.",
        discussion: """
            The unit fails where no back-up was made, which systemctl --failed shows. Nobody is asked for a passphrase, so \
            it lies in a file that only its owner may read, best on another disk than the back-ups.

            EXAMPLES:
              provision backup timer --key-file /root/backup.key --output /srv/backups \\
                  inventory.yaml
              provision backup timer --install --schedule '*-*-* 02:30' --keep 14 \\
                  --key-file /root/backup.key --output /srv/backups \\
                  --copy-to /mnt/elsewhere inventory.yaml
              provision backup timer --remove inventory.yaml

            \(ExitStatusLine.text("0 shown, started or removed, 1 systemd refused", .inventory))
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var key: SealKeyOptions
    @OptionGroup var timing: TimerOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .customLong("output"), help: "The directory to write to.", completion: .directory)
    var directory: String?

    @Option(name: .long, help: "Another directory that gets a copy of each.", completion: .directory)
    var copyTo: String?

    @Option(name: .long, help: "Keep this many back-ups of this cluster in each directory, the newest; at least 1.")
    var keep = 7

    func validate() throws {
        guard !timing.remove else { return }
        guard directory != nil else { throw ValidationError("--output DIRECTORY: where are the back-ups to lie?") }
        guard key.keyFile != nil || key.passphraseFile != nil else {
            throw ValidationError("--key-file FILE or --passphrase-file FILE: nobody is there to be asked")
        }
        guard keep > 0 else { throw ValidationError("--keep takes 1 or more") }
    }

    func run() async throws {
        let console = output.console
        try await reporting(console) { try await run(console) }
    }

    private func run(_ console: Console) async throws {
        let inventory = try LoadedInventory(options.inventory, console: console)
        if !timing.remove { _ = try key.sealing(mayAsk: false, console: console) }
        let timer = OperatorTimer.backup(
            of: inventory.spec.name,
            program: try TimerOptions.program(),
            inventory: Places.absolute(options.inventory),
            words: words,
            schedule: timing.schedule
        )
        try await timing.carryOut(timer, of: Places.absolute(options.inventory), runs: "backup create", console)
    }

    private var words: [String] {
        let places = [
            ("--output", directory), ("--copy-to", copyTo), ("--key-file", key.keyFile),
            ("--passphrase-file", key.passphraseFile),
        ]
        let files = places.flatMap { name, path in path.map { [name, Places.absolute($0)] } ?? [] }
        return files + ["--keep", String(keep)]
    }
}
