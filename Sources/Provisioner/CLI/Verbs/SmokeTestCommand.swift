import ArgumentParser
import ProvisionCore
import ProvisionEngine
import Templates

/// `provision smoke-test`: proves that the cluster does its work, then cleans up.
struct SmokeTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "smoke-test",
        abstract: "Prove that the cluster works: pods, DNS, services, routes, secrets at rest, exec, logs.",
        discussion: """
            EXAMPLES:
              provision smoke-test inventory.yaml
              provision smoke-test --keep inventory.yaml   # leave its namespace there
              provision smoke-test -o json inventory.yaml

            Exit status: 0 passed, 1 no controller was reached, 6 a check failed, or something of the test is left, 130 interrupted.
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .long, help: "Leave the namespace \(SmokeTest.namespace) behind.")
    var keep = false

    @OptionGroup var format: FormatOptions

    func run() async throws {
        let console = output.console
        try await reporting(console) { try await run(console) }
    }

    private func run(_ console: Console) async throws {
        let inventory = try LoadedInventory(options.inventory, console: console)
        try await LabGuard.check(inventory.spec, Places(), inventory: options.inventory)
        let context = RunContext(verb: "smoke-test", inventory: inventory, console: console)
        // A check is a result; where the result is a document it is a remark.
        let say = format.isJSON ? console.note : console.result
        var smoke = SmokeTestRun(
            test: SmokeTest(spec: inventory.spec),
            spec: inventory.spec,
            connector: HostConnector(inventory.spec, options, console, context: context),
            context: context,
            show: { SmokeTestView(outcome: $0).lines(console).forEach(say) }
        )
        try await smoke.perform()
        let left = keep ? nil : await smoke.cleanUp()
        if format.isJSON { console.result(JSONOutput.text(document(smoke, isLeft: left != nil))) }
        if let left { throw left }
        try conclude(smoke, console, say)
    }

    private func document(_ smoke: SmokeTestRun, isLeft: Bool) -> SmokeTestDocument {
        SmokeTestDocument(
            smoke.outcomes,
            of: smoke.test,
            cluster: smoke.spec.name,
            isInterrupted: smoke.context.isInterrupted,
            isLeft: isLeft,
            keeps: keep
        )
    }

    private func conclude(_ smoke: SmokeTestRun, _ console: Console, _ say: (String) -> Void) throws {
        guard !smoke.context.isInterrupted else {
            say("smoke test interrupted")
            throw ExitStatus.interrupted.code
        }
        smoke.test.skipped.forEach { console.note("not tested: \($0)") }
        say(smoke.failed == 0 ? "smoke test passed" : "smoke test failed: \(counted(smoke.failed, "check"))")
        if smoke.failed > 0 { throw ExitStatus.gateFailed.code }
    }
}
