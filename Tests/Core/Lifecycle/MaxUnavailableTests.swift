import ProvisionCore
import Testing

@Suite struct MaxUnavailableTests {
    @Test(arguments: [("1", "1"), ("12", "12"), ("1%", "1%"), ("100%", "100%")])
    func `numbers and shares are read`(_ text: String, _ shown: String) throws {
        #expect(try #require(MaxUnavailable(text)).description == shown)
    }

    @Test(arguments: ["", "0", "-1", "+1", "0%", "101%", "%", "1.5", "10 %", "a"])
    func `nothing else is`(_ text: String) {
        #expect(MaxUnavailable(text) == nil)
    }

    @Test(arguments: [
        (MaxUnavailable.count(1), 5, 1), (.count(9), 5, 5), (.count(3), 0, 1),
        (.percent(10), 5, 1), (.percent(10), 25, 2), (.percent(100), 7, 7), (.percent(50), 3, 1),
    ])
    func `a share is rounded down, but one may always go`(_ limit: MaxUnavailable, _ members: Int, _ width: Int) {
        #expect(limit.width(among: members) == width)
    }

    @Test func `waves keep the order and lose nobody`() {
        #expect(MaxUnavailable.count(2).waves(of: [1, 2, 3, 4, 5]) == [[1, 2], [3, 4], [5]])
        #expect(MaxUnavailable.percent(10).waves(of: ["a", "b"]) == [["a"], ["b"]])
        #expect(MaxUnavailable.count(1).waves(of: [Int]()).isEmpty)
    }
}
