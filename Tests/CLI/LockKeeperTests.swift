import ProvisionCore
import ProvisionEngine
import Templates
import Testing

@testable import provision

@Suite struct LockKeeperTests {
    private let owner = HostLock.Owner(
        run: "r1",
        user: "ann",
        machine: "desk",
        boot: "b1",
        process: 42,
        verb: "certs-rotate",
        since: "2026-01-02T03:04:05Z"
    )

    /// A host whose lock is the owner's of this line already, or free.
    private func lane(_ name: String, heldBy line: String? = nil) -> ObservedLane {
        let spec = HostSpec(
            name: name,
            nodeName: name,
            roles: [.worker],
            internalAddress: IPv4Address(bits: 0x7F00_0001),
            ssh: SSHEndpoint(name: name, address: "127.0.0.1")
        )
        var lane = ObservedLane(spec)
        let host = ScriptedHost(name: name) { script in
            if script.contains("mkdir lock.") { return line.map { "held \($0)\n" } ?? "acquired\n" }
            return "released\n"
        }
        lane.session = HostSession(host: name, transport: host)
        return lane
    }

    @Test func `a lock that the run holds from before stays its own`() async {
        let steps = RunningSteps()
        let keeper = LockKeeper(owner: owner, running: steps)
        let earlier = "r1 ann desk b1 42 certs-rotate 2026-01-02T01:00:00Z"
        #expect(await keeper.acquire(on: [lane("a", heldBy: earlier), lane("b")]) == nil)
        #expect(steps.locked == ["a", "b"])
    }

    @Test func `who holds a host is named with what for and since when, and nothing stays locked`() async throws {
        let steps = RunningSteps()
        let keeper = LockKeeper(owner: owner, running: steps)
        let other = "r2 bob farm b9 7 certs-rotate 2026-01-02T01:00:00Z"
        let refusal = try #require(await keeper.acquire(on: [lane("a"), lane("b", heldBy: other)]))
        let words = "b is held by bob@farm, certs-rotate, process 7, since 2026-01-02T01:00:00Z, run r2"
        #expect(refusal.description == words)
        #expect(steps.locked == [])
    }

    @Test func `a host that is not reached is locked by nobody, and keeps nobody from the others`() async {
        let steps = RunningSteps()
        var away = lane("a")
        away.session = nil
        #expect(await LockKeeper(owner: owner, running: steps).acquire(on: [away, lane("b")]) == nil)
        #expect(steps.locked == ["b"])
    }
}
