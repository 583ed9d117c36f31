import ArgumentParser
import Testing

@testable import provision

@Suite struct TimeSpanTests {
    @Test(arguments: [("30d", 2_592_000), ("8h", 28_800), ("90m", 5400), ("45s", 45), ("0s", 0), ("1y", 31_536_000)])
    func `a length of time is read as people write it`(_ text: String, _ seconds: Int64) {
        #expect(TimeSpan(text)?.seconds == seconds)
    }

    @Test(arguments: ["", "d", "3600", "0", "-1d", "1w", "1.5h", "99999999999d", "1 d"])
    func `what is no length of time is refused`(_ text: String) { #expect(TimeSpan(text) == nil) }

    @Test func `it is shown as people write it`() {
        #expect(TimeSpan(seconds: 2_592_000).text == "30d")
        #expect(TimeSpan(seconds: 3600).text == "1h")
    }

    @Test(arguments: [
        ["certs", "check", "--within"], ["certs", "timer", "--within"], ["certs", "renew", "--expiring-within"],
        ["certs", "forecast", "--after"], ["certs", "rotate", "ca", "--soak"],
        ["kubeconfig", "--user", "jane", "--ttl"],
    ])
    func `every option that takes one says how it is written`(_ words: [String]) {
        do {
            _ = try Provision.parseAsRoot(words + ["30", "inventory.yaml"])
            Issue.record("30 was taken")
        } catch { #expect(Provision.message(for: error).contains("for example 30d")) }
        #expect(throws: Never.self) { _ = try Provision.parseAsRoot(words + ["1y", "inventory.yaml"]) }
    }
}
