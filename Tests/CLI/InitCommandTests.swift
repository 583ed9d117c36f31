import ArgumentParser
import Testing

@testable import provision

@Suite struct InitCommandTests {
    private func refusal(_ words: [String]) -> String? {
        do {
            _ = try Provision.parseAsRoot(["init"] + words)
            return nil
        } catch {
            #expect(Provision.exitCode(for: error).rawValue == 64)
            return Provision.message(for: error)
        }
    }

    @Test func `two load balancers need an address that moves, and one does not`() {
        let two = ["--load-balancer", "10.0.0.10", "--load-balancer", "10.0.0.11"]
        #expect(refusal(two)?.contains("--virtual-address ADDRESS") == true)
        #expect(refusal(two + ["--virtual-address", "10.0.0.9"]) == nil)
        #expect(refusal(["--virtual-address", "10.0.0.9"])?.contains("two or more of --load-balancer") == true)
        #expect(refusal([]) == nil)
    }
}
