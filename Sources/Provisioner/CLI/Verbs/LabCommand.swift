import ArgumentParser
import Foundation
import ProvisionArtifacts
import ProvisionCore
import ProvisionLab
import SystemPackage
import Templates

#if canImport(Glibc)
import Glibc
#endif

/// `provision lab`: real hosts on this machine.
struct LabCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lab",
        abstract: "Real hosts on one Linux machine: systemd, sshd, a network of their own, reboots and power cuts.",
        discussion: """
            EXAMPLES:
              provision lab up --inventory Inventory/lab-debian.yaml
              provision lab ssh --inventory Inventory/lab-debian.yaml worker-0 \\
                  -- systemctl status kubelet
              provision lab reboot --inventory Inventory/lab-debian.yaml
              provision lab rebuild --inventory Inventory/lab-debian.yaml worker-0
              provision lab down --inventory Inventory/lab-debian.yaml
            """,
        subcommands: [Up.self, Down.self, Status.self, SSH.self, Reboot.self, PowerOff.self, Rebuild.self, Images.self]
    )

    struct Options: ParsableArguments {
        @Option(
            name: [.short, .long],
            help: "An inventory with a lab section.",
            completion: .file(extensions: ["yaml"])
        )
        var inventory = Self.sample

        private static let sample = "Inventory/lab-debian.yaml"

        @OptionGroup var output: OutputOptions

        /// The cluster goes with its machines.
        func forgetMembers() throws {
            let loaded = try LoadedInventory(inventory, console: Console(quiet: true))
            MembershipStore(directory: loaded.spec.pki.directory).remove()
        }

        /// The inventory, which elsewhere than in the program's own folder must be named.
        func loaded(_ places: Places) throws -> LoadedInventory {
            if inventory == Self.sample, !FileManager.default.fileExists(atPath: Places.absolute(inventory)) {
                throw CommandFailure(
                    "no inventory given, and the default \(inventory) is not here",
                    remedy: "provision lab up --inventory FILE  (a file with a lab section; docs/lab.md)",
                    status: .inventoryInvalid
                )
            }
            return try LoadedInventory(inventory, console: output.console, places: places)
        }

        /// The lab of the inventory.
        func lab() throws -> Lab {
            let places = Places()
            let loaded = try loaded(places)
            guard let lab = LabAccess.lab(of: loaded.spec, places) else {
                throw CommandFailure(
                    "\(inventory) has no lab section",
                    remedy: "use Inventory/lab.yaml or Inventory/lab-debian.yaml",
                    status: .usage
                )
            }
            return lab
        }

        /// Prints what happens with the time since the start.
        func progress() -> Lab.Progress {
            let console = output.console
            let start = ContinuousClock.now
            return { host, message in
                console.note(
                    "\(RunView.seconds(start.elapsedMilliseconds).padding(to: 7, left: true))  \(host.map { $0 + " " } ?? "")\(message)"
                )
            }
        }
    }

    struct Up: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Start the machines that do not run; disks are kept.",
            discussion: """
                EXAMPLES:
                  provision lab up --inventory Inventory/lab-debian.yaml
                  provision lab up --hosts worker-0 worker-1

                \(ExitStatusLine.text("0 up, 1 a machine did not come up, 8 the subnet is in use", .inventory))
                """
        )
        @OptionGroup var options: Options
        @Option(name: .long, parsing: .upToNextOption, help: "Only these machines.") var hosts: [String] = []

        func run() async throws {
            try await reporting(options.output.console) {
                let lab = try options.lab()
                try await lab.up(hosts: hosts, progress: options.progress())
                let machines = counted(hosts.isEmpty ? lab.configuration.hosts.count : hosts.count, "machine")
                options.output.console.result(
                    "the lab `\(lab.configuration.name)` is up: \(machines) in \(lab.configuration.subnet)"
                )
            }
        }
    }

    struct Down: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End the machines and remove everything of them, with a proof.",
            discussion: """
                EXAMPLES:
                  provision lab down --inventory Inventory/lab-debian.yaml
                  provision lab down --host worker-3

                \(ExitStatusLine.text("0 gone, 1 something is left", .inventory))
                """
        )
        @OptionGroup var options: Options
        @Option(name: .long, help: "Only this machine, also one that left the inventory; may be repeated.")
        var host: [String] = []

        func run() async throws {
            try await reporting(options.output.console) {
                let lab = try options.lab()
                guard host.isEmpty else {
                    try await lab.remove(hosts: host, progress: options.progress())
                    return options.output.console.result(
                        "gone from the lab `\(lab.configuration.name)`: \(host.joined(separator: ", "))"
                    )
                }
                try options.forgetMembers()
                try await lab.down(progress: options.progress())
                options.output.console.result(
                    "the lab `\(lab.configuration.name)` is gone: no process, mount, bridge, route or file of it is left"
                )
            }
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show which machines run and answer.",
            discussion: """
                EXAMPLES:
                  provision lab status --inventory Inventory/lab-debian.yaml

                \(ExitStatusLine.text("0 shown, whatever runs", .inventory))
                """
        )
        @OptionGroup var options: Options

        func run() async throws {
            try await reporting(options.output.console) {
                for status in try await options.lab().status() {
                    let word = status.answersSSH ? "answers" : status.isRunning ? "runs, no answer" : "off"
                    options.output.console.result(
                        "\(status.host.name.padding(to: 14))  \(status.host.address.padding(to: 15))  \(word)"
                    )
                }
            }
        }
    }

    struct SSH: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "ssh",
            abstract: "Log in to a machine, or run a command there.",
            discussion: """
                EXAMPLES:
                  provision lab ssh worker-0
                  provision lab ssh worker-0 -- journalctl -u kubelet -n 20

                \(ExitStatusLine.text("ssh's own (255 where it did not connect)", .hosts))
                """
        )
        @OptionGroup var options: Options
        @Argument(help: "The machine.") var host: String
        @Argument(parsing: .postTerminator, help: "A command, after --.") var command: [String] = []

        func run() async throws {
            try await reporting(options.output.console) {
                let lab = try options.lab()
                guard let host = lab.configuration.hosts.first(where: { $0.name == host }) else {
                    throw CommandFailure(
                        "\(host): could not find it in the lab `\(lab.configuration.name)`: no such host",
                        remedy: "hosts are \(lab.configuration.hosts.map(\.name).joined(separator: ", "))",
                        status: .usage
                    )
                }
                try await LabGuard.check(lab, inventory: options.inventory)
                let words = ["ssh"] + lab.sshArguments(host) + command
                let arguments = words.map { strdup($0) } + [nil]
                execvp("ssh", arguments)
                throw CommandFailure("ssh cannot be run", remedy: "install openssh-client", status: .failed)
            }
        }
    }

    struct Reboot: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Restart machines cleanly, all at once; disks are kept.",
            discussion: """
                EXAMPLES:
                  provision lab reboot
                  provision lab reboot controller-0

                \(ExitStatusLine.text("0 they answer again, 1 one does not", .inventory))
                """
        )
        @OptionGroup var options: Options
        @Argument(help: "Machines; all without a name.") var hosts: [String] = []

        func run() async throws {
            try await reporting(options.output.console) {
                try await options.lab().reboot(hosts: hosts, progress: options.progress())
            }
        }
    }

    struct PowerOff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "power-off",
            abstract: "Cut the power of machines: no shutdown, disks are kept.",
            discussion: """
                EXAMPLES:
                  provision lab power-off controller-1
                  provision lab up --hosts controller-1

                \(ExitStatusLine.text("0 they are off, 1 one is not", .inventory))
                """
        )
        @OptionGroup var options: Options
        @Argument(help: "Machines.") var hosts: [String]

        func run() async throws {
            try await reporting(options.output.console) {
                try await options.lab().cutPower(hosts: hosts, progress: options.progress())
            }
        }
    }

    struct Rebuild: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete machines with their disks and make them anew under the same names.",
            discussion: """
                EXAMPLES:
                  provision lab rebuild controller-0

                \(ExitStatusLine.text("0 they answer, 1 one does not", .inventory))
                """
        )
        @OptionGroup var options: Options
        @Argument(help: "Machines.") var hosts: [String]

        func run() async throws {
            try await reporting(options.output.console) {
                try await options.lab().rebuild(hosts: hosts, progress: options.progress())
            }
        }
    }

    struct Images: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the images that are never pulled, as OCI archives.",
            discussion: """
                EXAMPLES:
                  provision lab images --inventory Inventory/lab.yaml

                \(ExitStatusLine.text("0 made, 1 one was not", .inventory))
                """
        )
        @OptionGroup var options: Options

        func run() async throws {
            let console = options.output.console
            try await reporting(console) {
                let places = Places()
                let loaded = try options.loaded(places)
                let set = try await ArtifactAccess(spec: loaded.spec, console: console, places: places).resolve()
                for case (let path, .image(let reference)) in set.artifacts.map({ ($0.path.string, $0.kind) }) {
                    console.result("\(reference)  \(path)")
                }
            }
        }
    }
}
