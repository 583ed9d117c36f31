import ArgumentParser
import ProvisionArtifacts
import ProvisionCore
import SystemPackage
import Templates

/// `provision artifacts`: what is sent to hosts, pinned by version, size and SHA-256.
struct ArtifactsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "artifacts",
        abstract: "Fetch, list, verify and bundle what is sent to hosts.",
        discussion: """
            EXAMPLES:
              provision artifacts fetch inventory.yaml
              provision artifacts list inventory.yaml
              provision artifacts verify -o json inventory.yaml
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
            output.console.note("\(counted(set.artifacts.count, "artifact")), \(set.totalSize / 1_048_576) MB")
        }
    }

    struct Fetch: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Get what is missing, verified; pin it in the lock file.",
            discussion: """
                EXAMPLES:
                  provision artifacts fetch Inventory/lab-debian.yaml

                \(ExitStatusLine.text("0 all are here, 1 one was not got", .inventory))
                """
        )
        @OptionGroup var options: Options
        func run() async throws {
            try await reporting(options.output.console) { options.show(try await options.access().resolve()) }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what is there; no network.",
            discussion: """
                EXAMPLES:
                  provision artifacts list Inventory/lab-debian.yaml
                  provision artifacts list -o json Inventory/lab-debian.yaml

                \(ExitStatusLine.text("0 listed, also where some are missing", .inventory))
                """
        )
        @OptionGroup var options: Options
        @OptionGroup var format: FormatOptions

        func run() async throws {
            let console = options.output.console
            try await reporting(console) {
                let access = try options.access()
                let listed = try await access.store.list(access.request)
                if format.isJSON {
                    console.result(JSONOutput.text(ArtifactsDocument(listed, cluster: access.spec.name)))
                } else {
                    listed.map(line).forEach(console.result)
                    let missing = listed.count { $0.state == .missing }
                    if missing > 0 {
                        let inventory = options.inventory.inventory
                        console.note("\(missing) missing: provision artifacts fetch \(inventory)")
                    }
                }
            }
        }

        private func line(_ item: ArtifactListing) -> String {
            "\(item.id.rawValue.padding(to: 24))  \((item.version ?? "-").padding(to: 18))  \(item.architecture.rawValue)  \(item.state.rawValue)"
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Hash everything again and compare with the lock file.",
            discussion: """
                EXAMPLES:
                  provision artifacts verify Inventory/lab-debian.yaml
                  provision artifacts verify -o json Inventory/lab-debian.yaml

                \(ExitStatusLine.text("0 all are as the lock file says, 1 one is not, or is missing", .inventory))
                """
        )
        @OptionGroup var options: Options
        @OptionGroup var format: FormatOptions

        func run() async throws {
            let console = options.output.console
            try await reporting(console) {
                let access = try options.access()
                let verified = try await access.store.verify(access.request)
                if format.isJSON {
                    console.result(JSONOutput.text(ArtifactsDocument(verified, cluster: access.spec.name)))
                } else {
                    options.show(verified)
                }
            }
        }
    }

    struct Bundle: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write one tar with everything, for machines without a network.",
            discussion: """
                EXAMPLES:
                  provision artifacts bundle inventory.yaml --to bundle.tar

                \(ExitStatusLine.text("0 written, 1 an artifact was not got, or the tar not written", .inventory))
                """
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
