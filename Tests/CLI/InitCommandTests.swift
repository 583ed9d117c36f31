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

    @Test func `whose addresses are the sample's is said, also where none is given`() throws {
        let none = try #require(try Provision.parseAsRoot(["init"]) as? InitCommand)
        #expect(none.samples?.hasPrefix("‼ load balancers, controllers, workers: the sample's addresses") == true)
        let words = ["--load-balancer", "10.0.0.1", "--controller", "10.0.0.2", "--worker", "10.0.0.3"]
        let all = try #require(try Provision.parseAsRoot(["init"] + words) as? InitCommand)
        #expect(all.samples == nil)
    }
}
