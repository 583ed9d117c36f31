import ProvisionCore
import Testing

@Suite struct PlaybookPackagesTests {
    /// The package step of a playbook, as it is for its first host.
    private func resource(
        _ step: String,
        on hosts: String = "loadBalancers",
        _ edit: (inout ClusterSpec) -> Void = { _ in }
    ) async throws -> any Resource {
        let turn = try await PlaybookFixtures.turn(hosts: hosts, steps: "- package: \(step)", edit)
        return try #require(turn.lane.resources.last)
    }

    private func outline(_ resource: any Resource, on host: AptHost) throws -> String {
        resource.verdict(for: try host.answer(resource), changed: []).outline
    }

    private static let old = "2.6.12-1+deb12u1"
    private static let new = "2.6.12-1+deb12u2"
    private static let stays = "haproxy stays at \(old), not \(new): provision apply pins it"

    @Test func `an upgrade leaves what apply pins, and says so`() async throws {
        let host = try AptHost(
            ["haproxy": Self.old, "libssl3": "1"],
            candidates: ["haproxy": Self.new],
            foreseen: "Inst libssl3 [1] (2 Debian)\nConf libssl3 (2 Debian)"
        )
        defer { host.remove() }
        let upgrade = try await resource("{ upgrade: all }")
        let want = "change: to upgrade: libssl3; \(Self.stays) -> upgrade all packages"
        #expect(try outline(upgrade, on: host) == want)
        #expect(try host.act(upgrade).status == 0)
        #expect(host.calls.contains(" --no-remove upgrade --with-new-pkgs haproxy=\(Self.old)\n"), "\(host.calls)")
    }

    @Test func `a pinned package that a step names stays too`() async throws {
        let host = try AptHost(["haproxy": Self.old], candidates: ["haproxy": Self.new], foreseen: "")
        defer { host.remove() }
        let upgrade = try await resource("{ upgrade: [haproxy] }")
        #expect(try outline(upgrade, on: host) == "same: nothing else is newer; \(Self.stays)")
        #expect(try host.act(upgrade).status == 0)
        #expect(host.calls.contains(" --no-install-recommends haproxy=\(Self.old)\n"), "\(host.calls)")
    }

    @Test func `a host that lacks the package, or has its newest, has nothing that stays`() async throws {
        let hosts: [[String: String]] = [[:], ["haproxy": Self.new]]
        for installed in hosts {
            let host = try AptHost(installed, candidates: ["haproxy": Self.new], foreseen: "")
            defer { host.remove() }
            let upgrade = try await resource("{ upgrade: all }")
            #expect(try outline(upgrade, on: host) == "same: nothing newer is known")
        }
    }

    @Test func `only what apply sends to a host is pinned on it`() async throws {
        func check(_ resource: any Resource) -> String {
            if case .script(let text) = resource.probe { text } else { "" }
        }
        #expect(check(try await resource("{ upgrade: all }")).contains("for n in haproxy; do"))
        #expect(!check(try await resource("{ upgrade: all }", on: "workers")).contains("haproxy"))
        let docker = try await resource("{ upgrade: all }", on: "workers") { $0.runtime.kind = .docker }
        #expect(check(docker).contains("for n in docker.io; do"))
        let free = try await resource("{ upgrade: all }") { spec in
            spec.lab = nil
            spec.artifacts.source = .upstream
        }
        #expect(!check(free).contains("haproxy"), "each host's own apt brings any version")
    }

    private func clock(foreseen: String = "Remv systemd-timesyncd [252]\nInst chrony (4.3 Debian)") throws -> AptHost {
        try AptHost(["systemd-timesyncd": "252"], foreseen: foreseen, afterwards: ["chrony": "4.3"])
    }

    @Test func `what would remove a package is refused, by the plan and by the run`() async throws {
        let host = try clock()
        defer { host.remove() }
        let install = try await resource("{ install: [chrony] }", on: "workers")
        #expect(try outline(install, on: host) == "refused: apt would remove systemd-timesyncd")
        let run = try host.act(install)
        #expect(run.status == 8 && run.text.contains("apt would remove systemd-timesyncd"), "\(run.text)")
        #expect(run.text.contains("`removes`") && !run.text.contains("note "), "\(run.text)")
        #expect(host.calls.isEmpty)
    }

    @Test func `an upgrade that would remove a package is refused`() async throws {
        let host = try AptHost(["mail": "1"], foreseen: "Remv othermail [1]\nInst mail [1] (2 Debian)")
        defer { host.remove() }
        let upgrade = try await resource("{ upgrade: [mail] }", on: "workers")
        #expect(try outline(upgrade, on: host) == "refused: apt would remove othermail")
        #expect(try host.act(upgrade).status == 8)
        #expect(host.calls.isEmpty)
    }

    @Test(arguments: ["{ install: [chorny] }", "{ upgrade: [chorny] }", "{ upgrade: all }"])
    func `what apt cannot foresee is refused with its last line`(_ step: String) async throws {
        let said = "Reading package lists...\nE: Unable to locate package chorny"
        let host = try AptHost(["mail": "1"], foreseen: said, fails: true)
        let bare = try AptHost([:], foreseen: "", hasApt: false)
        defer { [host, bare].forEach { $0.remove() } }
        let packages = try await resource(step, on: "workers")
        #expect(try outline(packages, on: host) == "refused: E: Unable to locate package chorny")
        #expect(try outline(packages, on: bare) == "refused: this host has no apt-get")
        let verdict = packages.verdict(for: try host.answer(packages), changed: [])
        if case .refused(_, let remedy) = verdict { #expect(remedy.contains("apt-get update"), "\(remedy)") }
    }

    @Test func `an install waits for lists that were never read, an upgrade reads none`() async throws {
        let unread = "nowhere.invalid_debian_dists_stable_InRelease"
        let host = try AptHost([:], foreseen: "E: Unable to locate package chrony", fails: true, unread: unread)
        defer { host.remove() }
        let install = try await resource("{ install: [chrony] }", on: "workers")
        let want = "change: missing: chrony; apt reads its lists first -> install chrony"
        #expect(try outline(install, on: host) == want)
        let upgrade = try await resource("{ upgrade: [chrony] }", on: "workers")
        #expect(try outline(upgrade, on: host) == "refused: E: Unable to locate package chrony")
    }

    @Test func `what a step names may go, and is written down`() async throws {
        let host = try clock()
        defer { host.remove() }
        let install = try await resource("{ install: [chrony], removes: [ntp, systemd-timesyncd] }", on: "workers")
        let want = "change: missing: chrony; removes systemd-timesyncd -> install chrony"
        #expect(try outline(install, on: host) == want)
        let run = try host.act(install)
        #expect(run.status == 0, "\(run.text)")
        #expect(run.text.contains("note created package:chrony"))
        #expect(run.text.contains("note removed package:systemd-timesyncd  252"))
        #expect(host.calls.contains(" install --no-install-recommends chrony\n"), "\(host.calls)")
        #expect(!host.calls.contains("--no-remove"))
        #expect(try outline(install, on: host) == "same: are installed")
    }

    @Test func `apt itself refuses what was not foreseen`() async throws {
        let host = try clock(foreseen: "Inst chrony (4.3 Debian)")
        defer { host.remove() }
        let install = try await resource("{ install: [chrony], removes: [ntp] }", on: "workers")
        #expect(try outline(install, on: host) == "change: missing: chrony -> install chrony")
        #expect(try host.act(install).status == 0)
        #expect(host.calls.contains(" --no-remove install "), "\(host.calls)")
    }
}
