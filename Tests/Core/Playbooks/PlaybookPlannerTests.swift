import Foundation
import ProvisionCore
import Testing

@Suite struct PlaybookPlannerTests {
    @Test(arguments: InventoryFixtures.names(in: PlaybookFixtures.shipped))
    func `a shipped playbook's turns are as they were, and the shell can read them`(_ name: String) async throws {
        let waves = try await PlaybookFixtures.waves(try PlaybookFixtures.playbook(name))
        var text = ""
        for (number, wave) in waves.enumerated() {
            for turn in wave { text += "wave \(number + 1) \(turn.host.name)\n\(PlaybookFixtures.outline(turn))\n" }
        }
        let golden = InventoryFixtures.core.appending(path: "Golden/playbook/turns/\(name.dropLast(5)).txt")
        #expect(try InventoryFixtures.matchesGolden(text, golden), "\(text)")
        for segment in waves.flatMap(\.self).flatMap(\.segments) {
            let resources = segment.lane.resources
            let actions = resources.flatMap {
                $0.verdict(for: ProbeAnswer(status: 1, text: "b idle"), changed: []).actions
            }
            let script = HostScript(nonce: "n").applying(actions, thenProbing: resources)
            let read = try LocalShell.run(script, ["-n"])
            #expect(read.status == 0, "\(read.text)")
        }
    }

    @Test func `a node is drained by another host's controller, and other hosts are not`() async throws {
        let playbook = try PlaybookFixtures.playbook(
            hosts: "all",
            steps: "- drain: {}\n- reboot: { when: always }\n- uncordon: {}"
        )
        let turns = try await PlaybookFixtures.waves(playbook).flatMap(\.self)
        for turn in turns {
            let delegated = turn.segments.filter(\.isDelegated)
            #expect(delegated.count == (turn.host.has(.worker) ? 2 : 0), "\(turn.host.name)")
            #expect(delegated.allSatisfy { $0.lane.host.has(.controller) && $0.lane.host.name != turn.host.name })
            let first = turn.segments.first { !$0.lane.stages.isEmpty }?.lane.resources.first
            #expect(first is MarkerResource)
        }
    }

    @Test func `a drain guards what stands before its uncordon`() async throws {
        let playbook = try PlaybookFixtures.playbook(
            steps: """
                - command: { title: before, check: "true", run: "true" }
                - drain: {}
                - command: { title: under, check: "true", run: "true" }
                - uncordon: {}
                - command: { title: after, check: "true", run: "true" }
                """
        )
        let turn = try #require(try await PlaybookFixtures.waves(playbook).first?.first)
        let index = try #require(turn.segments.firstIndex { $0.kind == .drain })
        let titles = turn.guarded(byDrainAt: index).flatMap(\.lane.resources).map(\.title)
        #expect(titles.contains("under") && !titles.contains("before") && !titles.contains("after"))
    }

    @Test func `files in a row are one stage, and everything else has its own`() async throws {
        let playbook = try PlaybookFixtures.playbook(
            steps: """
                - file: { path: /srv/a, content: "a" }
                - file: { path: /srv/b, content: "b" }
                - command: { title: c, check: "true", run: "true" }
                - command: { title: d, check: "true", run: "true" }
                - file: { path: /srv/e, content: "e" }
                """
        )
        let turn = try #require(try await PlaybookFixtures.waves(playbook).first?.first)
        let stages = turn.segments.flatMap(\.lane.stages).filter { $0.name != "cluster" }
        #expect(stages.map(\.resources.count) == [2, 1, 1, 1])
        #expect(stages.first?.name == "1 to 2. files")
    }

    @Test(arguments: [("1", 3), ("2", 2), ("67%", 2), ("100%", 1)])
    func `waves are as wide as wanted`(_ limit: String, _ count: Int) async throws {
        var playbook = try PlaybookFixtures.playbook(steps: "- waitFor: { title: a, command: \"true\" }")
        playbook.strategy = .rolling(try #require(MaxUnavailable(limit)))
        #expect(try await PlaybookFixtures.waves(playbook).count == count)
        playbook.strategy = .parallel
        #expect(try await PlaybookFixtures.waves(playbook).count == 1)
    }

    @Test func `what a command says that it changes is written down before it runs`() async throws {
        let settings = NSTemporaryDirectory() + "provision-sysctl-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: settings) }
        try "# no = setting\nkernel.a_b = 1\nnet.x=2\n".write(toFile: settings, atomically: true, encoding: .utf8)
        let turn = try await PlaybookFixtures.turn(
            hosts: "workers",
            steps: """
                - command:
                    title: any
                    check: "false"
                    run: echo runs
                    changes:
                      files: [/srv/nowhere/a]
                      modes: [/etc/passwd, /srv/nowhere/b]
                      sysctls: [\(settings)]
                """
        )
        let last = try #require(turn.lane.resources.last)
        let script = try #require(last.scripts("", status: 1).first)
        let told = try LocalShell.run(
            script,
            standIns: """
                note() { echo "note $*"; }; known() { false; }; sysctl() { echo 7; }
                above() { echo "above $*"; }; keep() { echo "keep $*"; }; stat() { echo mode; }
                """
        )
        #expect(
            told.text.split(separator: "\n") == [
                "above /srv/nowhere", "keep /srv/nowhere/a ", "note mode /etc/passwd  mode",
                "note sysctl kernel.a_b  7", "note sysctl net.x  7", "runs",
            ]
        )
    }

    /// A text that would end the script around it is one word of it.
    @Test func `whatever a command says stays in its own shell`() async throws {
        let playbook = try PlaybookFixtures.playbook(
            steps:
                "- command:\n    title: odd\n    check: \"false\"\n    run: |\n      echo \"unbalanced '\n      } ) fi\n"
        )
        let turn = try #require(try await PlaybookFixtures.waves(playbook).first?.first)
        let resource = try #require(turn.lane.resources.last)
        let script = HostScript(nonce: "n").applying(
            resource.verdict(for: ProbeAnswer(status: 1, text: ""), changed: []).actions,
            thenProbing: [resource]
        )
        #expect(try LocalShell.reads(script))
    }
}
