import ProvisionCore
import Testing

@testable import provision

@Suite struct ClusterRunTests {
    @Test(arguments: [("", nil), ("--host ", "--host")] as [(String, String?)])
    func `a host that is not known is named as it was given`(_ prefix: String, _ option: String?) throws {
        let hosts = try SampleCluster.spec("lab-debian.yaml").hosts
        let failure = #expect(throws: CommandFailure.self) { try ClusterRun.known(["workr-2"], hosts, option) }
        #expect(failure?.message == "\(prefix)workr-2: no such host; did you mean worker-2?")
        #expect(failure?.status == .usage)
        #expect(try ClusterRun.known(["worker-2"], hosts, option) == ["worker-2"])
    }

    @Test func `a cluster that a person names never takes the place of a store that is there`() throws {
        let spec = try SampleCluster.spec("lab-debian.yaml")
        let failure = #expect(throws: CommandFailure.self) { try ClusterRun.requireSame("a", as: "b", spec) }
        #expect(failure?.status == .usage && failure?.message.contains("is the store of the cluster b") == true)
        #expect(throws: Never.self) {
            try ClusterRun.requireSame("a", as: "a", spec)
            try ClusterRun.requireSame("a", as: nil, spec)
            try ClusterRun.requireSame(nil, as: "b", spec)
        }
    }
}
