import ProvisionCore
import Testing

@Suite struct ClockComparisonTests {
    private func words(_ offsets: [String: Int]) -> [String] {
        ClockComparison(offsets).failures.map { "\($0.host) \($0.text)" }
    }

    @Test func `clocks that agree are no reason`() {
        let agreeing: [[String: Int]] = [
            [:], ["a": 30_000], ["a": 30_000, "b": 0], ["a": 30_000, "b": 0, "c": -30_000],
        ]
        for offsets in agreeing { #expect(words(offsets) == [], "\(offsets)") }
    }

    @Test(arguments: [-1, 1])
    func `hosts that agree with each other, and not with this machine, have the time`(_ sign: Int) {
        let comparison = ClockComparison(["a": sign * 60_000, "b": sign * 61_000, "c": sign * 60_500])
        let text = "60500 ms \(sign > 0 ? "behind" : "ahead of") the median of the hosts"
        #expect(comparison.failures.map { "\($0.id) \($0.host) \($0.text)" } == ["clock.operator this machine \(text)"])
        #expect(comparison.own?.fix.contains("set this machine's clock") == true)
        #expect(comparison.result(of: "a")?.level == .pass)
    }

    @Test func `one of three that is off is named alone`() {
        #expect(words(["a": 0, "b": 60_000, "c": 0]) == ["b 60000 ms ahead of the median of the hosts"])
        let all = words(["a": 100_000, "b": 190_000, "c": 100_000, "d": 100_000])
        #expect(
            all == [
                "this machine 100000 ms behind the median of the hosts", "b 90000 ms ahead of the median of the hosts",
            ]
        )
    }

    @Test func `of two clocks none is called wrong`() {
        #expect(words(["a": -60_000]) == ["a 60000 ms behind this machine"])
        #expect(words(["a": 0, "b": 60_000]) == ["a 60000 ms behind b", "b 60000 ms ahead of this machine"])
        #expect(words(["a": -20_000, "b": 20_000]) == ["a 40000 ms behind b", "b 40000 ms ahead of a"])
        for offsets in [["a": -60_000], ["a": 0, "b": 60_000]] {
            let comparison = ClockComparison(offsets)
            #expect(comparison.own == nil)
            #expect(comparison.failures.allSatisfy { $0.fix.hasPrefix("one of the two is wrong") })
        }
    }

    @Test func `two pairs that each agree outvote nobody`() {
        let comparison = ClockComparison(["a": 0, "b": 0, "c": 60_000, "d": 60_000])
        #expect(comparison.own == nil && comparison.failures.count == 4)
        #expect(comparison.result(of: "a")?.text == "60000 ms behind c")
    }

    @Test func `a host that was not asked has no line`() {
        #expect(ClockComparison(["a": 0]).result(of: "b") == nil)
    }
}
