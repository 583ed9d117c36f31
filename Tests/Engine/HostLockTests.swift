import ProvisionEngine
import Testing

@Suite struct HostLockTests {
    private func owner(_ run: String) -> HostLock.Owner {
        HostLock.Owner(
            run: run,
            user: "ann",
            machine: "desk",
            boot: "b1",
            process: 42,
            verb: "apply",
            since: "2026-01-02T03:04:05Z"
        )
    }

    @Test func `is held by one run, and released only by it`() async throws {
        let sandbox = try SandboxHost()
        defer { sandbox.remove() }
        let session = HostSession(host: "one", transport: sandbox)
        let lock = HostLock()
        #expect(try await lock.holder(on: session) == nil)
        #expect(try await lock.acquire(owner("r1"), on: session) == .acquired)
        #expect(try await lock.acquire(owner("r2"), on: session) == .held(owner("r1")))
        #expect(try await lock.release(run: "r2", on: session) == false)
        #expect(try await lock.holder(on: session) == .held(owner("r1")))
        #expect(try await lock.release(run: "r1", on: session))
        #expect(try await lock.holder(on: session) == nil)
    }

    @Test func `words that could be shell are taken out`() {
        var hostile = owner("r1")
        hostile.user = "a'; reboot #"
        #expect(hostile.line.split(separator: " ")[1] == "areboot")
    }
}
