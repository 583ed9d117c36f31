import ArgumentParser
import ProvisionCore
import ProvisionEngine

/// `provision smoke-test`: proves that the cluster does its work, then cleans up.
struct SmokeTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "smoke-test",
        abstract: "Prove that the cluster works: pods, DNS, services, routes, secrets at rest, exec, logs.",
        discussion: """
            EXAMPLES:
              provision smoke-test inventory.yaml
              provision smoke-test --keep inventory.yaml   # leave the test's namespace for a look

            Exit status: 0 passed, 1 no controller was reached, 6 a check failed, or something of the test is left, 130 interrupted.
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .long, help: "Leave the namespace \(SmokeTest.namespace) behind.")
    var keep = false

    func run() async throws {
        let console = output.console
        try await reporting(console) { try await run(console) }
    }

    private func run(_ console: Console) async throws {
        let inventory = try LoadedInventory(options.inventory, console: console)
        try await LabGuard.check(inventory.spec, Places(), inventory: options.inventory)
        let context = RunContext(verb: "smoke-test", inventory: inventory, console: console)
        let connector = HostConnector(inventory.spec, options, console, context: context)
        let test = SmokeTest(spec: inventory.spec)
        let session = try await firstReachable(inventory.spec, connector, console)
        var failed = await perform(test.checks, session, context, console)
        await session.close()
        if failed == 0 { failed = await ofClients(test, connector, context, console) }
        if !keep { try await cleanUp(test, inventory.spec, connector, context, console) }
        if context.isInterrupted {
            console.result("smoke test interrupted")
            throw ExitStatus.interrupted.code
        }
        test.skipped.forEach { console.note("not tested: \($0)") }
        console.result(failed == 0 ? "smoke test passed" : "smoke test failed: \(failed) checks")
        if failed > 0 { throw ExitStatus.gateFailed.code }
    }

    /// How many checks failed; a lost connection is one, and ends them.
    private func perform(
        _ checks: [SmokeCheck],
        _ session: HostSession,
        _ context: RunContext,
        _ console: Console
    ) async -> Int {
        var failed = 0
        for check in checks where !context.isInterrupted {
            do {
                let passed = try await perform(check, session, context, console)
                failed += passed ? 0 : 1
                if !passed, check.id == "pods.run" { return failed }
            } catch {
                console.problem("× \(check.id): \(error)")
                return failed + 1
            }
        }
        return failed
    }

    /// The last step: the service as clients see it.
    private func ofClients(
        _ test: SmokeTest,
        _ connector: HostConnector,
        _ context: RunContext,
        _ console: Console
    ) async -> Int {
        var failed = 0
        for host in test.clients where !context.isInterrupted {
            do throws(TransportError) {
                let session = HostSession(host: host.name, transport: try await connector.open(host))
                failed += await perform(test.clientChecks, session, context, console)
                await session.close()
            } catch {
                console.problem("× \(host.name): \(error.summary)")
                failed += 1
            }
        }
        return failed
    }

    /// Over a connection of its own: the checks' may be lost.
    private func cleanUp(
        _ test: SmokeTest,
        _ spec: ClusterSpec,
        _ connector: HostConnector,
        _ context: RunContext,
        _ console: Console
    ) async throws {
        let session = try await firstReachable(spec, connector, console)
        let isClean = try await perform(test.cleanUp, session, context, console)
        await session.close()
        guard !isClean else { return }
        throw CommandFailure(
            "the namespace \(SmokeTest.namespace) is still there",
            remedy: "kubectl delete namespace \(SmokeTest.namespace)",
            status: .gateFailed
        )
    }

    /// Any controller will do; one may be down.
    private func firstReachable(
        _ spec: ClusterSpec,
        _ connector: HostConnector,
        _ console: Console
    ) async throws -> HostSession {
        var last: TransportError?
        for host in spec.hosts(.controller) {
            do throws(TransportError) {
                return HostSession(host: host.name, transport: try await connector.open(host))
            } catch {
                console.note("\(host.name): \(error.summary); trying the next controller")
                last = error
            }
        }
        throw last
            ?? TransportError(
                code: .unreachable,
                host: "controllers",
                attempted: "find a controller",
                reason: "there is none",
                remedy: "add one"
            )
    }

    private func perform(
        _ check: SmokeCheck,
        _ session: HostSession,
        _ context: RunContext,
        _ console: Console
    ) async throws -> Bool {
        let start = ContinuousClock.now
        let result = try await session.run(
            check.text + "\nrc=$?; echo; echo \"smoke-status $rc\"",
            seconds: check.seconds
        )
        var lines = result.outputText.split(separator: "\n")
        let passed = lines.popLast() == "smoke-status 0"
        let sign = passed ? console.paint("√", .green) : console.paint("×", .red)
        let took = console.paint("(\(RunView.seconds(start.elapsedMilliseconds)))", .dim)
        let words = passed ? "" : "\n" + lines.suffix(12).joined(separator: "\n")
        context.record("\(check.id): \(check.title)\(words)", host: session.host, isFailure: !passed)
        console.result("\(sign) \(check.id.padding(to: 20))  \(check.title) \(took)")
        if !passed { lines.suffix(12).forEach { console.result("    \(Sanitised.text($0))") } }
        return passed
    }
}
