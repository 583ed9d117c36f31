import ProvisionCore
import Templates
import Testing

@Suite struct PlaybookResourceTests {
    private func reboot(_ onlyWhenRequired: Bool) -> RebootResource {
        RebootResource(host: "w", playbook: "p", token: "t", onlyWhenRequired: onlyWhenRequired, reason: "a test")
    }

    @Test(arguments: [
        (true, "b idle", "same: no reboot is required"),
        (true, "b required linux-image", "change: a reboot is required: linux-image -> reboot w"),
        (true, "b rebooted", "same: was rebooted in this run"),
        (false, "b idle", "change: every run reboots once -> reboot w"),
        (false, "b rebooted", "same: was rebooted in this run"),
        (false, "b rebooting", "same: is about to reboot"),
        (false, "", "refused: the boot id cannot be read: "),
    ])
    func `a reboot happens once in a run`(_ onlyWhenRequired: Bool, _ answer: String, _ outline: String) {
        #expect(reboot(onlyWhenRequired).outline(answer) == outline)
    }

    private func unit(
        _ running: Bool = true,
        enabled: Bool? = nil,
        restart: Bool = false,
        reload: Bool = false
    ) -> PlaybookUnit {
        let file = FileResource(RenderedFile(path: "/etc/a", text: "a"), reason: "a test")
        return PlaybookUnit(
            PlaybookStep.Unit(
                name: "a.service",
                isRunning: running,
                isEnabled: enabled,
                restartAfter: restart ? ["/etc/a"] : [],
                reloadAfter: reload ? ["/etc/a"] : []
            ),
            files: ["/etc/a": file],
            reason: "a test"
        )
    }

    @Test func `a unit runs, or does not, and starts at boot, or does not`() {
        #expect(unit().outline("active running enabled no i - - -") == "same: runs")
        #expect(unit().outline("failed failed enabled no i - - -") == "change: is failed (failed) -> start a.service")
        #expect(
            unit(enabled: true).outline("active running disabled no i - - -")
                == "change: is disabled -> enable a.service"
        )
        #expect(unit(enabled: true).outline("active running static no i - - -") == "same: runs")
        #expect(unit(false).outline("active running enabled no i - - -") == "change: is active -> stop a.service")
        #expect(unit(false, enabled: false).outline("inactive dead disabled no i - - -") == "same: is inactive")
    }

    @Test func `a unit is restarted or reloaded once after its files changed`() throws {
        let restarted = unit(restart: true)
        let stamp = restarted.digest
        #expect(restarted.outline("active running enabled no i - - -").hasSuffix("restart a.service"))
        #expect(restarted.outline("active running enabled no i \(stamp) i") == "same: runs")
        #expect(
            restarted.outline("active running enabled no j \(stamp) i", changed: ["file:/etc/a"]).hasSuffix(
                "restart a.service"
            )
        )
        let restart = try #require(restarted.scripts("active running enabled no i - - -").first)
        #expect(restart.contains("note reread restart:a.service"))
        let reloaded = unit(reload: true)
        #expect(reloaded.outline("active running enabled no i - - -").hasSuffix("reload a.service"))
        #expect(reloaded.outline("active running enabled no i \(reloaded.digest) i") == "same: runs")
        #expect(
            reloaded.outline("active running enabled no i \(reloaded.digest) i", changed: ["file:/etc/a"]).hasSuffix(
                "reload a.service"
            )
        )
    }
}
