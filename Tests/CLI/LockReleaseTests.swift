import ProvisionCore
import ProvisionEngine
import Testing

@testable import provision

@Suite struct LockReleaseTests {
    /// A host that another run holds, or nobody.
    private func session(heldBy run: String?) -> HostSession {
        let host = ScriptedHost(name: "a") { script in
            guard let run else { return "" }
            let isTaken = script.contains("flock") && script.contains("= \(run) ]")
            return isTaken
                ? "released\n"
                : script.contains("flock") ? "" : "held \(run) ann desk b1 42 apply 2026-01-02T03:04:05Z\n"
        }
        return HostSession(host: "a", transport: host)
    }

    private func release(_ run: String, heldBy holders: [String?]) async throws -> LockRelease {
        var release = LockRelease(run: run)
        for (index, holder) in holders.enumerated() {
            let isReleased = try await release.pass("host-\(index)", session(heldBy: holder))
            #expect(isReleased == (holder == run))
        }
        return release
    }

    @Test func `a run that holds one of the hosts is released`() async throws {
        let release = try await release("r1", heldBy: [nil, "r1", "r2"])
        #expect(throws: Never.self) { try release.check(inventory: "i.yaml") }
    }

    @Test func `a run that holds none is an error that says who holds what`() async throws {
        let release = try await release("r9", heldBy: [nil, "r1"])
        let failure = #expect(throws: CommandFailure.self) { try release.check(inventory: "i.yaml") }
        #expect(failure?.status == .failed)
        #expect(failure?.message.hasPrefix("no host is held by run r9; host-1 is held by ann@desk, apply, ") == true)
        #expect(failure?.message.hasSuffix("run r1") == true)
        #expect(failure?.remedy.contains("provision lock status i.yaml") == true)
    }

    @Test func `where nobody holds anything that is said`() async throws {
        let release = try await release("r9", heldBy: [nil])
        let failure = #expect(throws: CommandFailure.self) { try release.check(inventory: "i.yaml") }
        #expect(failure?.message == "no host is held by run r9; no host that was reached is locked")
    }
}
