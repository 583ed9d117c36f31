import ProvisionCore
import Testing

@Suite struct EndedLeavesTests {
    private static let host = "controller-0"

    private func explained(_ identifiers: [String]) async throws -> Set<String> {
        let sample = try await SamplePlan.make("lab-debian.yaml")
        let ended = EndedLeaves(
            CertificateCatalog.certificates(of: sample.spec).filter { identifiers.contains($0.identifier) }
        )
        let lane = try #require(sample.plan.lanes.first { $0.host.name == Self.host })
        return Set(lane.resources.filter { ended.explain($0, on: Self.host) }.map(\.id))
    }

    @Test func `an end explains what is asked of the cluster, and who reads the leaf`() async throws {
        let ids = try await explained(["scheduler@controller-0"])
        #expect(ids.isSuperset(of: ["service:kube-scheduler.service", "access:administrators"]))
        #expect(ids.contains("health:kube-apiserver") && !ids.contains("health:etcd"))
        #expect(!ids.contains("service:kube-apiserver.service"))
        #expect(ids.allSatisfy { !$0.hasPrefix("file:") && !$0.hasPrefix("user:") })
    }

    @Test(arguments: ["admin", "apiserver@controller-1", "etcd-peer@controller-1"])
    func `what everybody goes by explains questions everywhere, and no service elsewhere`(_ leaf: String) async throws {
        let ids = try await explained([leaf])
        #expect(ids.contains("access:administrators") && ids.allSatisfy { !$0.hasPrefix("service:") })
    }

    @Test func `what ended elsewhere explains nothing here but the pods that it takes away`() async throws {
        #expect(try await explained(["scheduler@controller-1", "kube-proxy@worker-0"]) == [])
        #expect(try await explained(["kubelet-client@worker-0"]) == ["health:dns"])
        #expect(try await explained([]) == [])
    }
}
