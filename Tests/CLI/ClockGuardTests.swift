import ProvisionCore
import Testing

@testable import provision

@Suite struct ClockGuardTests {
    @Test func `clocks that differ are refused by name, the worst first, with what to do about it`() throws {
        let failure = #expect(throws: CommandFailure.self) {
            try ClockGuard.refuse(["a": 40_000, "b": 0, "c": 0, "d": -50_000, "e": 0])
        }
        #expect(failure?.status == .refused)
        #expect(
            failure?.message.split(separator: "\n") == [
                "the clock of d is 50000 ms behind the median of the hosts",
                "the clock of a is 40000 ms ahead of the median of the hosts",
            ]
        )
        #expect(failure?.remedy.hasPrefix("set its clock") == true)
    }

    @Test func `clocks that agree, and hosts that nobody reached, are no reason`() {
        #expect(throws: Never.self) {
            try ClockGuard.refuse([:])
            try ClockGuard.refuse(["a": 400, "b": -2000])
        }
    }

    @Test func `hosts that are left out are not asked`() throws {
        let spec = try SampleCluster.spec("lab-debian.yaml")
        let options = InventoryOptions("i.yaml", noInput: true)
        let connector = HostConnector(spec, options, Console(quiet: true))
        var clocks = ClockGuard(spec: spec, connector: connector)
        #expect(clocks.hosts == spec.hosts)
        clocks.limit = ["worker-1"]
        #expect(clocks.hosts.map(\.name) == ["worker-1"])
    }
}
