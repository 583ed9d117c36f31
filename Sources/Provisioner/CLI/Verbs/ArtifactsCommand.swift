import ArgumentParser
import ProvisionArtifacts
import ProvisionCore
import SystemPackage

/// `provision artifacts`: what is sent to hosts, pinned by version, size and SHA-256.
struct ArtifactsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "artifacts",
        abstract: "Fetch, list, verify and bundle what is sent to hosts.",
        discussion: """
            EXAMPLES:
              provision artifacts fetch inventory.yaml
              provision artifacts list inventory.yaml
              provision artifacts bundle inventory.yaml --to bundle.tar
            """,
        subcommands: [Fetch.self, List.self, Verify.self, Bundle.self]
    )

    struct Options: ParsableArguments {
        @OptionGroup var inventory: InventoryOptions
        @OptionGroup var output: OutputOptions

        func access() throws -> ArtifactAccess {
            let places = Places()
            let loaded = try LoadedInventory(inventory.inventory, console: output.console, places: places)
            return ArtifactAccess(spec: loaded.spec, console: output.console, places: places)
        }

        func show(_ set: ArtifactSet) {
            for artifact in set.artifacts {
                output.console.result(
                    "\(artifact.id.rawValue.padding(to: 24))  \(artifact.version.padding(to: 18))  \(artifact.architecture.rawValue)  \(String(artifact.size / 1_048_576).padding(to: 4, left: true)) MB  \(artifact.sha256.prefix(16))"
                )
            }
            output.console.note("\(set.artifacts.count) artifacts, \(set.totalSize / 1_048_576) MB")
        }
    }

    struct Fetch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Get what is missing, verified; pin it in the lock file.",
            discussion: "EXAMPLES:\n  provision artifacts fetch Inventory/lab-debian.yaml"
        )
        @OptionGroup var options: Options
        func run() async throws {
            try await reporting(options.output.console) { options.show(try await options.access().resolve()) }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what is there; no network.",
            discussion: "EXAMPLES:\n  provision artifacts list Inventory/lab-debian.yaml"
        )
        @OptionGroup var options: Options
        func run() async throws {
            try await reporting(options.output.console) {
                let access = try options.access()
                for item in try await access.store.list(access.request) {
                    options.output.console.result(
                        "\(item.id.rawValue.padding(to: 24))  \((item.version ?? "-").padding(to: 18))  \(item.architecture.rawValue)  \(item.state.rawValue)"
                    )
                }
            }
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Hash everything again and compare with the lock file.",
            discussion: "EXAMPLES:\n  provision artifacts verify Inventory/lab-debian.yaml"
        )
        @OptionGroup var options: Options
        func run() async throws {
            try await reporting(options.output.console) {
                let access = try options.access()
                options.show(try await access.store.verify(access.request))
            }
        }
    }

    struct Bundle: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write one tar with everything, for machines without a network.",
            discussion: "EXAMPLES:\n  provision artifacts bundle inventory.yaml --to bundle.tar"
        )
        @OptionGroup var options: Options
        @Option(help: "The tar to write.", completion: .file(extensions: ["tar"])) var to: String
        func run() async throws {
            try await reporting(options.output.console) {
                let access = try options.access()
                try await access.store.bundle(try await access.resolve(), to: FilePath(Places.absolute(to)))
                options.output.console.result(to)
            }
        }
    }
}
