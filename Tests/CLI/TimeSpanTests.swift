import Testing

@testable import provision

@Suite struct TimeSpanTests {
    @Test(arguments: [("30d", 2_592_000), ("8h", 28_800), ("90m", 5400), ("45s", 45), ("0s", 0)])
    func `a length of time is read as people write it`(_ text: String, _ seconds: Int64) {
        #expect(TimeSpan(argument: text)?.seconds == seconds)
    }

    @Test(arguments: ["", "d", "3600", "0", "-1d", "1w", "1.5h", "99999999999d", "1 d"])
    func `what is no length of time is refused`(_ text: String) { #expect(TimeSpan(argument: text) == nil) }

    @Test func `a default is shown as people write it`() {
        #expect(TimeSpan(seconds: 2_592_000).defaultValueDescription == "30d")
        #expect(TimeSpan(seconds: 3600).defaultValueDescription == "1h")
    }
}
