import ProvisionCore
import Testing

@Suite struct HookTests {
    private static let text = """
        apiVersion: provision/v1
        hooks:
          before-worker: [playbooks/a.yaml, /opt/b.yaml]
          after-apply:
            - c.yaml
        hosts:
          controllers: [{ name: c, address: 10.0.0.1 }]
          workers: [{ name: w, address: 10.0.0.2 }]
        """

    private var context: InventoryContext {
        var context = InventoryFixtures.context
        context.hookProblem = { $0.hasSuffix("/c.yaml") ? "c.yaml:1:1: error" : nil }
        return context
    }

    @Test func `paths start at the inventory`() throws {
        let hooks = try InventoryFixtures.decode(Self.text).spec.hooks.playbooks
        #expect(hooks[.beforeWorker] == ["/inventory/playbooks/a.yaml", "/opt/b.yaml"])
        #expect(hooks[.afterApply] == ["/inventory/c.yaml"] && hooks[.beforeController] == nil)
    }

    @Test func `a playbook that cannot be used is an error of the inventory, where it is named`() {
        do throws(InventoryProblems) {
            _ = try InventoryFixtures.decode(Self.text, context: context)
            Issue.record("accepted")
        } catch {
            #expect(error.problems.map(\.code) == ["hooks.playbook"])
            #expect(error.problems.map { [$0.line, $0.column] } == [[5, 7]])
            #expect(error.description.contains("c.yaml:1:1: error"))
        }
    }

    @Test func `moments are a closed set`() {
        let problems = InventoryFixtures.problems(Self.text.replacing("before-worker", with: "before-workers"))
        #expect(problems.map(\.code) == ["inventory.unknown-key"])
        #expect(problems.first?.remedy == "did you mean `before-worker`?")
    }
}
