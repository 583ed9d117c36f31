import ProvisionCore
import ProvisionEngine
import Templates
import Testing

@testable import provision

@Suite struct RunningStepsTests {
    @Test func `who is left in the middle of what is named`() {
        let steps = RunningSteps()
        #expect(steps.farewell == "left at once; nothing was running on any host, and this run holds no lock")
        for host in ["worker-1", "controller-0", "worker-0"] {
            steps.follow(RunEvent(.stageStarted, host: host, stage: "kubelet", message: "3 actions"))
        }
        steps.follow(RunEvent(.stageDone, host: "worker-0", stage: "kubelet", message: ""))
        #expect(steps.farewell.contains("what these did is unknown: controller-0 (kubelet), worker-1 (kubelet)\n"))
        #expect(steps.farewell.contains("locked   no host\n"))
    }

    @Test func `who only asks leaves at once, and a verb that takes locks away does not`() {
        for verb in ["lock-status", "etcd-status", "plan"] { #expect(RunContext.leavesAtOnce(verb, onlyAsks: false)) }
        for verb in ["lock-release", "etcd-restore", "teardown", "run", "stop", "etcd-replace", "certs-rotate"] {
            #expect(!RunContext.leavesAtOnce(verb, onlyAsks: false), "\(verb)")
            #expect(RunContext.leavesAtOnce(verb, onlyAsks: true), "\(verb) --plan")
        }
    }

    @Test func `every locked host is named, also where nothing runs`() {
        let steps = RunningSteps()
        for host in ["worker-1", "worker-0", "worker-2"] { steps.lock(host) }
        steps.unlock("worker-2")
        #expect(steps.farewell.contains("running  nothing on any host\n"))
        #expect(steps.farewell.contains("by this run, until they reboot: worker-0, worker-1\n"))
    }

    /// Looks at the farewell while its command runs.
    private struct Watched: Transport {
        let steps: RunningSteps

        func run(_ command: RemoteCommand) async throws(TransportError) -> CommandResult {
            CommandResult(status: .exited(0), output: Array(steps.farewell.utf8), errorOutput: [])
        }

        func close() async {}
    }

    @Test func `a script that belongs to no stage is known while it runs`() async throws {
        let steps = RunningSteps()
        let transport = FollowedTransport(host: "etcd-0", transport: Watched(steps: steps), running: steps)
        let during = try await transport.run(RemoteCommand(line: "swap")).outputText
        #expect(during.contains("what these did is unknown: etcd-0 (a command)\n"))
        #expect(steps.farewell.contains("nothing was running on any host"))
    }

    /// Says what a host's lock answers.
    private struct LockHost: Transport {
        let answer: String

        func run(_ command: RemoteCommand) async throws(TransportError) -> CommandResult {
            CommandResult(status: .exited(0), output: Array(answer.utf8), errorOutput: [])
        }

        func close() async {}
    }

    private func lane(_ name: String, _ answer: String) -> ObservedLane {
        let host = HostSpec(
            name: name,
            nodeName: name,
            roles: [.worker],
            internalAddress: IPv4Address(bits: 0x7F00_0001),
            ssh: SSHEndpoint(name: name, address: "127.0.0.1")
        )
        var lane = ObservedLane(host)
        lane.session = HostSession(host: name, transport: LockHost(answer: answer))
        return lane
    }

    @Test func `who locks hosts says so, until they are given back`() async {
        let steps = RunningSteps()
        let owner = HostLock.Owner(
            run: "r",
            user: "u",
            machine: "m",
            boot: "b",
            process: 1,
            verb: "apply",
            since: "2026-11-24T16:30:00Z"
        )
        let keeper = LockKeeper(owner: owner, running: steps)
        let lanes = [lane("a", "acquired\n"), lane("b", "acquired\n")]
        #expect(await keeper.acquire(on: lanes) == nil)
        #expect(steps.farewell.contains("until they reboot: a, b\n"))
        await keeper.release(on: lanes)
        #expect(steps.farewell.contains("this run holds no lock"))
    }
}
