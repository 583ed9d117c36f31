import Foundation
import ProvisionCore
import Testing

@Suite struct PlaybookDecodingTests {
    @Test(arguments: InventoryFixtures.names(in: PlaybookFixtures.broken))
    func `a broken playbook prints all its problems, with positions`(_ name: String) throws {
        let bytes = try InventoryFixtures.bytes(PlaybookFixtures.broken.appending(path: name))
        var output = "accepted\n"
        do throws(InventoryProblems) {
            _ = try Playbook.decode(bytes, path: name, directory: "/playbooks")
        } catch {
            output = error.description
        }
        let golden = InventoryFixtures.core.appending(path: "Golden/playbook/\(name.dropLast(5)).txt")
        #expect(try InventoryFixtures.matchesGolden(output, golden), "\(output)")
        #expect(!output.contains("[inventory."))
    }

    @Test(arguments: InventoryFixtures.names(in: PlaybookFixtures.shipped))
    func `every shipped playbook is one, and says where its schema is`(_ name: String) throws {
        let playbook = try PlaybookFixtures.playbook(name)
        #expect("\(playbook.name).yaml" == name)
        #expect(!playbook.description.isEmpty && !playbook.steps.isEmpty)
        let text = try String(contentsOf: PlaybookFixtures.shipped.appending(path: name), encoding: .utf8)
        #expect(text.hasPrefix("# yaml-language-server: $schema=playbook.schema.json\n"))
    }

    @Test func `the schema is the file beside them`() throws {
        let golden = PlaybookFixtures.shipped.appending(path: "playbook.schema.json")
        #expect(try InventoryFixtures.matchesGolden(InventorySchema.playbook, golden))
        let object = try JSONSerialization.jsonObject(with: Data(InventorySchema.playbook.utf8))
        #expect((object as? [String: Any])?["title"] as? String == "provision playbook")
    }

    @Test func `text is taken as it is written`() throws {
        let playbook = try PlaybookFixtures.playbook(
            steps: """
                - command:
                    title: any
                    check: test "$(date +%Y)" -gt 2000
                    run: |
                      echo "${HOME}" '`x`'
                    timeout: 2m
                """
        )
        guard case .command(let command) = try #require(playbook.steps.first).kind else {
            Issue.record("not a command")
            return
        }
        #expect(command.run == "echo \"${HOME}\" '`x`'\n" && command.seconds == 120)
        #expect(playbook.steps.first?.reason == "A test")
        #expect(playbook.strategy == .rolling(.count(1)))
    }

    @Test(arguments: [
        ("all", 8), ("workers", 3), ("controllers", 3), ("etcd", 3), ("loadBalancers", 1), ("clients", 1),
        ("[worker-1, lb-0]", 2), ("{ labels: { disk: fast } }", 1),
    ])
    func `hosts are a role, names or labels`(_ text: String, _ count: Int) throws {
        var spec = try SamplePlan.spec("lab-debian.yaml")
        spec.hosts[spec.hosts.count - 2].labels = ["disk": "fast"]
        let playbook = try PlaybookFixtures.playbook(
            hosts: text,
            steps: "- uncordon: {}".replacing("uncordon: {}", with: "waitFor: { title: a, command: \"true\" }")
        )
        #expect(playbook.hosts(of: spec).count == count)
    }

    @Test(arguments: [
        ("{ upgrade: [a], removes: [b] }", "`removes` goes with `install`"),
        ("{ removes: [b] }", "a package step has either `install` or `upgrade`"),
        ("{ install: [a], upgrade: all, removes: [b] }", "a package step has either `install` or `upgrade`"),
    ])
    func `what may be removed goes with an installation`(_ step: String, _ message: String) {
        let problems = #expect(throws: InventoryProblems.self) {
            _ = try PlaybookFixtures.playbook(steps: "- package: \(step)")
        }
        #expect(problems?.description.contains(message) == true, "\(problems?.description ?? "")")
    }

    @Test func `names that the inventory lacks are told`() throws {
        let playbook = try PlaybookFixtures.playbook(
            hosts: "[worker-1, worker-9]",
            steps: "- waitFor: { title: a, command: \"true\" }"
        )
        #expect(playbook.unknownHosts(in: try SamplePlan.spec("lab-debian.yaml")) == ["worker-9"])
    }
}
