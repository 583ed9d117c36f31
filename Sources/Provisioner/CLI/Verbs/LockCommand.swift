import ArgumentParser
import ProvisionCore
import ProvisionEngine

/// `provision lock`: who holds the hosts, and giving back what nobody holds any more.
struct LockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "Show or release the locks of a cluster's hosts.",
        discussion: """
            EXAMPLES:
              provision lock status inventory.yaml
              provision lock status -o json inventory.yaml
              provision lock release --run 20261124T163000Z-n1abc inventory.yaml

            Exit status: 0 shown or released, 1 a host was not reached, or none is held by that run.
            """,
        subcommands: [Status.self, Release.self]
    )

    struct Options: ParsableArguments {
        @OptionGroup var inventory: InventoryOptions
        @OptionGroup var output: OutputOptions

        func load(_ console: Console) throws -> LoadedInventory {
            try LoadedInventory(inventory.inventory, console: console)
        }

        /// Calls the body with every host that is reached, until it is interrupted between two of them.
        ///
        /// - Returns: Why a host was not.
        func eachHost(
            of loaded: LoadedInventory,
            _ verb: String,
            _ console: Console,
            _ body: (HostSpec, HostSession) async throws -> Void
        ) async throws -> [String: String] {
            try await LabGuard.check(loaded.spec, Places(), inventory: inventory.inventory)
            let context = RunContext(verb: verb, inventory: loaded, console: console)
            let connector = HostConnector(loaded.spec, inventory, console, context: context)
            var unreached: [String: String] = [:]
            for host in loaded.spec.hosts {
                guard !context.isInterrupted else { throw ExitStatus.interrupted.code }
                do {
                    let session = HostSession(host: host.name, transport: try await connector.open(host))
                    try await body(host, session)
                    await session.close()
                } catch let error as TransportError {
                    console.problem("× \(host.name): \(error.summary)")
                    unreached[host.name] = error.summary
                }
            }
            return unreached
        }
    }

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Who holds which host, since when, for what.",
            discussion: """
                EXAMPLES:
                  provision lock status inventory.yaml
                  provision lock status -o json inventory.yaml

                Exit status: 0 shown, whoever holds them, 1 a host was not reached.
                """
        )
        @OptionGroup var options: Options
        @OptionGroup var format: FormatOptions

        func run() async throws {
            let console = options.output.console
            try await reporting(console) { try await run(console) }
        }

        private func run(_ console: Console) async throws {
            let loaded = try options.load(console)
            var hosts: [LockDocument.Host] = []
            let unreached = try await options.eachHost(of: loaded, "lock-status", console) { host, session in
                let holder = try await HostLock().holder(on: session)
                hosts.append(LockDocument.Host(host.name, holder))
                guard !format.isJSON else { return }
                console.result("\(host.name.padding(to: 14))  \(LockRelease.words(holder) ?? "free")")
            }
            if format.isJSON {
                let document = LockDocument(cluster: loaded.spec.name, hosts: hosts, unreachable: unreached)
                console.result(JSONOutput.text(document))
            }
            if !unreached.isEmpty { throw ExitStatus.failed.code }
        }
    }

    struct Release: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove the locks of one run; first see that it does not run any more.",
            discussion: """
                EXAMPLES:
                  provision lock release --run 20261124T163000Z-n1abc inventory.yaml

                Exit status: 0 released, 1 no host is held by that run, or one was not reached.
                """
        )
        @OptionGroup var options: Options
        @Option(help: "The run's id, as lock status prints it.") var run: String
        func run() async throws {
            var release = LockRelease(run: self.run)
            let console = options.output.console
            try await reporting(console) {
                let loaded = try options.load(console)
                let unreached = try await options.eachHost(of: loaded, "lock-release", console) { host, session in
                    guard try await release.pass(host.name, session) else { return }
                    console.result("\(host.name): released")
                }
                try release.check(inventory: options.inventory.inventory)
                if !unreached.isEmpty { throw ExitStatus.failed.code }
            }
        }
    }
}

/// The locks of one run, given back host by host.
struct LockRelease {
    let run: String
    private var isReleased = false
    /// What other runs hold.
    private var others: [String] = []

    init(run: String) { self.run = run }

    /// Gives a host's lock back where this run holds it.
    ///
    /// - Returns: Whether it did.
    mutating func pass(_ host: String, _ session: HostSession) async throws -> Bool {
        if try await HostLock().release(run: run, on: session) {
            isReleased = true
            return true
        }
        if let words = Self.words(try await HostLock().holder(on: session)) { others.append("\(host) is \(words)") }
        return false
    }

    /// A run that holds nothing may be another than was meant.
    ///
    /// - Throws: `CommandFailure` with who holds what.
    func check(inventory: String) throws {
        guard !isReleased else { return }
        let held = others.isEmpty ? "no host that was reached is locked" : others.joined(separator: "; ")
        throw CommandFailure(
            "no host is held by run \(run); \(held)",
            remedy: "name a run as it stands in: provision lock status \(inventory)",
            status: .failed
        )
    }

    /// Who holds a lock; `nil` where nobody does.
    static func words(_ holder: HostLock.Answer?) -> String? {
        switch holder {
        case .held(let owner?): "held by \(owner)"
        case .held(nil): "held, without a name"
        case .acquired, nil: nil
        }
    }
}
