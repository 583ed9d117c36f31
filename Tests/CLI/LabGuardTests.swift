import Foundation
import ProvisionCore
import Testing

@testable import provision

@Suite struct LabGuardTests {
    @Test func `a lab that is down is brought up by the command that is named`() async throws {
        var spec = try SampleCluster.spec("lab-debian.yaml")
        spec.lab?.name = "nowhere"
        let places = Places(environment: ["HOME": NSTemporaryDirectory() + "provision-no-lab"])
        let failure = await #expect(throws: CommandFailure.self) {
            try await LabGuard.check(spec, places, inventory: "clusters/i.yaml")
        }
        #expect(failure?.status == .preflightFailed)
        #expect(failure?.remedy == "provision lab up --inventory clusters/i.yaml")
    }
}
