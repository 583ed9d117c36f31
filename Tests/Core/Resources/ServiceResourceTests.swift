import ProvisionCore
import Templates
import Testing

@Suite struct ServiceResourceTests {
    private func file(_ path: String, _ text: String) -> FileResource {
        FileResource(RenderedFile(path: path, text: text), reason: "a test")
    }

    private func service(_ text: String = "1\n", guardScript: String? = nil, waits: Bool = true) -> ServiceResource {
        ServiceResource(
            unit: "haproxy.service",
            reason: "a test",
            startedFrom: [file("/etc/unit", text)],
            reloadedFrom: [file("/etc/conf", "2\n")],
            guardScript: guardScript,
            startsWithoutWaiting: !waits
        )
    }

    /// F, R: the service's own fingerprints; i1, i2: invocations; each row may have changed files after a comma.
    @Test(arguments: [
        ("active running enabled no i1 F R i1", "same: runs and is enabled"),
        ("active running enabled no i2 F R i1", "same: runs and is enabled"),
        ("reloading reload enabled no i1 F R i1", "same: runs and is enabled"),
        ("activating start enabled no i1 F R i1", "same: runs and is enabled"),
        ("inactive dead - no - - - -", "change: was never started -> start haproxy.service"),
        ("inactive dead enabled no - F R i1", "change: is inactive (dead) -> start haproxy.service"),
        ("failed failed enabled no i1 F R i1", "change: is failed (failed) -> start haproxy.service"),
        (
            "activating auto-restart enabled no i1 F R i1",
            "change: is activating (auto-restart) -> start haproxy.service"
        ),
        ("systemctl: not found", "change: cannot be read: systemctl: not found -> start haproxy.service"),
        (
            "active running enabled no i1 old R i1",
            "change: runs an older unit, configuration, certificate or binary -> restart haproxy.service"
        ),
        (
            "active running enabled no i1 - - -",
            "change: runs an older unit, configuration, certificate or binary -> restart haproxy.service"
        ),
        ("active running enabled no i1 F old i1", "change: runs an older configuration -> reload haproxy.service"),
        ("active running disabled no i1 F R i1", "change: is not enabled -> enable haproxy.service"),
        (
            "active running enabled yes i1 F R i1",
            "change: systemd has not read its unit file again -> enable haproxy.service"
        ),
    ])
    func `a state gives its verdict`(_ state: String, _ outline: String) {
        #expect(service().outline(filled(state, service())) == outline)
    }

    @Test(arguments: [
        ("active running enabled no i1 F R i1", "file:/etc/unit", "same: runs and is enabled"),
        (
            "active running enabled no i2 F R i1", "file:/etc/unit",
            "change: was started from another file:/etc/unit -> restart haproxy.service"
        ),
        (
            "active running enabled no i2 F R i1", "file:/etc/conf",
            "change: runs an older configuration -> reload haproxy.service"
        ),
        ("active running enabled no i2 F R i1", "file:/etc/other", "same: runs and is enabled"),
    ])
    func `a file that was put back counts only where the process was started in between`(
        _ state: String,
        _ changed: String,
        _ outline: String
    ) {
        #expect(service().outline(filled(state, service()), changed: [changed]) == outline)
    }

    private func filled(_ state: String, _ service: ServiceResource) -> String {
        state.split(separator: " ").map { word in
            word == "F" ? service.fingerprint : word == "R" ? service.reloadFingerprint : String(word)
        }.joined(separator: " ")
    }

    @Test func `the fingerprint is of every file's path and bytes, in any order`() {
        let one = file("/etc/a", "1\n")
        let two = file("/etc/b", "2\n")
        func fingerprint(_ files: [any Resource]) -> String {
            ServiceResource(unit: "x.service", reason: "", startedFrom: files).fingerprint
        }
        #expect(fingerprint([one, two]) == fingerprint([two, one]))
        #expect(fingerprint([one, two]) != fingerprint([one]))
        #expect(fingerprint([one]) != fingerprint([file("/etc/b", "1\n")]))
        #expect(fingerprint([one]) != fingerprint([file("/etc/a", "2\n")]))
    }

    @Test func `without a reload there is no fingerprint of one`() {
        #expect(ServiceResource(unit: "x.service", reason: "", startedFrom: []).reloadFingerprint == "-")
    }

    @Test func `the guard comes before everything that a restart does`() {
        let script = service(guardScript: "quorum").scripts("active running enabled no i1 old R i1")[0]
        let lines = script.split(separator: "\n").map(String.init)
        #expect(lines.prefix(3) == ["quorum", "enable_unit haproxy.service", "restart_unit haproxy.service"])
        #expect(lines.last?.hasPrefix("stamp haproxy.service ") == true)
    }

    @Test func `a start asks no guard, and may return early`() {
        let script = service(guardScript: "quorum", waits: false).scripts("inactive dead - no - - - -")[0]
        #expect(script.contains("start_unit haproxy.service --no-block\n") && !script.contains("quorum"))
        #expect(!service().scripts("inactive dead - no - - - -")[0].contains("--no-block"))
    }
}
