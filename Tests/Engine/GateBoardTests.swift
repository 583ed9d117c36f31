import ProvisionCore
import ProvisionEngine
import Testing

@Suite struct GateBoardTests {
    private func board(_ gate: Gate, hosts: [String], serving: Set<RollingGroup> = []) -> GateBoard {
        GateBoard(
            plan: Plan(
                cluster: "test",
                lanes: hosts.map { .init(host: host($0), stages: [Stage("s", opens: [gate], resources: [])]) }
            ),
            serving: serving
        )
    }

    @Test func `opens when every host has passed`() async {
        let board = board(.accessGranted, hosts: ["a", "b"])
        #expect(await !board.pass(.accessGranted, by: "a"))
        #expect(await board.pass(.accessGranted, by: "b"))
        #expect(await board.wait(for: .accessGranted) == .open)
    }

    @Test func `a quorum that is founded is there with its majority`() async {
        let board = board(.etcdQuorum, hosts: ["a", "b", "c"])
        #expect(await !board.pass(.etcdQuorum, by: "a"))
        #expect(await !board.pass(.etcdQuorum, by: "a"))
        #expect(await board.pass(.etcdQuorum, by: "b"))
        await board.fail(.etcdQuorum, by: "c", reason: "too late to matter")
        #expect(await board.wait(for: .etcdQuorum) == .open)
    }

    @Test func `a quorum that rolls is waited for to its last member, which may fail`() async {
        let board = board(.etcdQuorum, hosts: ["a", "b", "c"], serving: [.etcd])
        #expect(await !board.pass(.etcdQuorum, by: "a"))
        #expect(await !board.pass(.etcdQuorum, by: "b"))
        #expect(await board.fail(.etcdQuorum, by: "c", reason: "down"))
        #expect(await board.wait(for: .etcdQuorum) == .open)
    }

    @Test(arguments: [[], [RollingGroup.etcd]])
    func `without a majority there is no quorum`(_ serving: Set<RollingGroup>) async {
        let board = board(.etcdQuorum, hosts: ["a", "b", "c"], serving: serving)
        await board.fail(.etcdQuorum, by: "a", reason: "down")
        #expect(await !board.pass(.etcdQuorum, by: "b"))
        await board.fail(.etcdQuorum, by: "c", reason: "down too")
        #expect(await board.wait(for: .etcdQuorum) == .failed("down too"))
    }

    @Test func `opens with the first where one is enough, and fails with the last`() async {
        let one = board(.apiServerReady, hosts: ["a", "b"])
        await one.fail(.apiServerReady, by: "a", reason: "down")
        #expect(await one.pass(.apiServerReady, by: "b"))
        let none = board(.apiServerReady, hosts: ["a", "b"])
        await none.fail(.apiServerReady, by: "a", reason: "down")
        await none.fail(.apiServerReady, by: "b", reason: "down too")
        #expect(await none.wait(for: .apiServerReady) == .failed("down too"))
    }

    @Test(arguments: [["lb-0", "lb-1"], ["lb-1", "lb-0"]])
    func `of two load balancers one is enough once the other one has failed`(_ order: [String]) async {
        let board = board(.loadBalancerReady, hosts: ["lb-0", "lb-1"])
        for host in order {
            #expect(await board.state(of: .loadBalancerReady) == nil)
            if host == "lb-0" {
                await board.fail(.loadBalancerReady, by: host, reason: "down")
            } else {
                _ = await board.pass(.loadBalancerReady, by: host)
            }
        }
        #expect(await board.wait(for: .loadBalancerReady) == .open)
    }

    @Test func `two load balancers that pass are both waited for, two that fail open nothing`() async {
        let well = board(.loadBalancerReady, hosts: ["a", "b"])
        #expect(await !well.pass(.loadBalancerReady, by: "a"))
        #expect(await well.pass(.loadBalancerReady, by: "b"))
        let none = board(.loadBalancerReady, hosts: ["a", "b"])
        await none.fail(.loadBalancerReady, by: "a", reason: "down")
        await none.fail(.loadBalancerReady, by: "b", reason: "down too")
        #expect(await none.wait(for: .loadBalancerReady) == .failed("down too"))
    }

    @Test func `a load balancer that is alone must pass`() async {
        let board = board(.loadBalancerReady, hosts: ["lb-0"])
        #expect(await !board.fail(.loadBalancerReady, by: "lb-0", reason: "down"))
        #expect(await board.wait(for: .loadBalancerReady) == .failed("down"))
    }

    @Test func `a gate that nobody opens is open`() async {
        #expect(await board(.etcdQuorum, hosts: ["a"]).wait(for: .nodeReady) == .open)
    }
}
