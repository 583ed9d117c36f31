import ArgumentParser
import Foundation
import ProvisionCore
import Subprocess
import Templates

/// `provision certs timer`: lets systemd look at the certificates, and only look.
struct CertsTimerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timer",
        abstract: "A systemd timer on this machine that runs certs check; shows its units unless --install.",
        discussion: """
            It never renews or rotates anything. A certificate that ends soon makes the unit fail, which
            systemctl --failed shows, and lies in the file for node_exporter.

            EXAMPLES:
              provision certs timer inventory.yaml
              provision certs timer --install --prometheus /var/lib/prometheus/node-exporter/certs.prom inventory.yaml
              provision certs timer --remove inventory.yaml
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .long, help: "Write the units and start the timer.")
    var install = false

    @Flag(name: .long, help: "Stop the timer and remove its units.")
    var remove = false

    @Option(name: .long, help: "When, in systemd's words (systemd.time(7)).")
    var schedule = "daily"

    @Option(name: .long, help: "How soon an end is a problem, for example 30d.")
    var within = TimeSpan(seconds: 30 * 86_400)

    @Option(name: .long, help: "A file for node_exporter's textfile collector.", completion: .file())
    var prometheus: String?

    func validate() throws {
        if install, remove { throw ValidationError("--install and --remove are not for one call") }
        let isPlain = schedule.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F && $0 != "%" }
        guard isPlain, !schedule.isEmpty else { throw ValidationError("--schedule takes one line of plain text") }
    }

    func run() async throws {
        let console = output.console
        try await reporting(console) { try await run(console) }
    }

    private func run(_ console: Console) async throws {
        let inventory = try LoadedInventory(options.inventory, console: console)
        let timer = CertificateTimer(
            name: "provision-certs-\(inventory.spec.name)",
            program: try Self.program(),
            inventory: Places.absolute(options.inventory),
            prometheus: prometheus.map(Places.absolute),
            schedule: schedule,
            within: within.defaultValueDescription
        )
        let manager = UserUnits.current
        let files = timer.rendered(in: manager.directory)
        if remove { return try await uninstall(timer, files, manager, console) }
        guard install else {
            for file in files { console.result("# \(file.path)\n\(file.text)") }
            return console.note("nothing was done; add --install")
        }
        for file in files { try PrivateFile.write(file.content, to: file.path, mode: 0o644) }
        try await manager.control(["daemon-reload"])
        try await manager.control(["enable", "--now", "\(timer.name).timer"])
        console.result("\(timer.name).timer runs certs check \(schedule); see: systemctl\(manager.flag) list-timers")
    }

    private func uninstall(
        _ timer: CertificateTimer,
        _ files: [RenderedFile],
        _ manager: UserUnits,
        _ console: Console
    ) async throws {
        guard files.contains(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
            return console.result("there is no \(timer.name).timer")
        }
        try await manager.control(["disable", "--now", "\(timer.name).timer"])
        for file in files { try? FileManager.default.removeItem(atPath: file.path) }
        try await manager.control(["daemon-reload"])
        console.result("\(timer.name).timer is gone")
    }

    private static func program() throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }
}

/// systemd's units of this machine for root, of the person otherwise.
struct UserUnits {
    let directory: String
    /// With a space before it.
    let flag: String

    static var current: UserUnits {
        NSUserName() == "root"
            ? UserUnits(directory: "/etc/systemd/system", flag: "")
            : UserUnits(directory: Places.absolute("~/.config/systemd/user"), flag: " --user")
    }

    /// Calls systemctl.
    func control(_ words: [String]) async throws {
        let arguments = flag.split(separator: " ").map(String.init) + words
        let result = try await Subprocess.run(
            .name("systemctl"),
            arguments: Arguments(arguments),
            output: .discarded,
            error: .string(limit: 1 << 16)
        )
        guard case .exited(0) = result.terminationStatus else {
            let why = Sanitised.text(result.standardError, limit: 300)
            throw CommandFailure(
                "systemctl \(arguments.joined(separator: " ")): \(why)",
                remedy: "see systemctl\(flag) status; without systemd use cron with the command that is shown",
                status: .failed
            )
        }
    }
}
