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

    @Test func `a plan says which playbooks run on which of the hosts that change`() throws {
        var spec = try SamplePlan.spec("lab-debian.yaml")
        spec.hooks = HookSpec(playbooks: [
            .beforeController: ["/x/a.yaml"], .beforeWorker: ["/x/b.yaml"], .afterApply: ["/x/c.yaml"],
        ])
        #expect(
            spec.hooks.outline(changing: ["worker-1", "lb-0"], in: spec) == [
                "hook before-worker: b.yaml on worker-1", "hook after-apply: c.yaml on every host that it is for",
            ]
        )
        #expect(spec.hooks.outline(changing: [], in: spec) == [])
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
