import ProvisionCore
import Testing

@Suite struct ArchitectureTests {
    /// The sample with an arm64 worker, and with builds for it beside the others.
    private func mixed() async throws -> SamplePlan {
        let sample = try await SamplePlan.make("lab-debian.yaml")
        var spec = sample.spec
        for index in spec.hosts.indices where spec.hosts[index].name == "worker-1" {
            spec.hosts[index].architecture = .arm64
        }
        var materials = sample.materials
        for name in materials.uploads.keys { materials.uploads[name]?["aarch64"] = FakeUploads.upload("\(name)-arm") }
        return SamplePlan(spec: spec, materials: materials)
    }

    private func binaries(_ plan: Plan, _ host: String) -> [BinaryResource] {
        let lane = plan.lanes.first { $0.host.name == host }
        return (lane?.resources ?? []).compactMap { $0 as? BinaryResource }
    }

    @Test func `a host is sent what is built for it`() async throws {
        let plan = try await mixed().plan
        for (host, machine) in [("worker-0", "x86_64"), ("worker-1", "aarch64"), ("controller-0", "x86_64")] {
            let machines = binaries(plan, host).map { Array($0.uploads.keys) }
            #expect(!machines.isEmpty && machines.allSatisfy { $0 == [machine] }, "\(host)")
        }
    }

    @Test func `the first host of another architecture changes nothing on the others`() async throws {
        let before = try await SamplePlan.make("lab-debian.yaml").plan
        let after = try await mixed().plan
        #expect(binaries(before, "worker-0").map(\.digest) == binaries(after, "worker-0").map(\.digest))
        #expect(binaries(before, "worker-1").map(\.digest) != binaries(after, "worker-1").map(\.digest))
    }

    @Test func `a host without a build is refused`() async throws {
        var sample = try await SamplePlan.make("lab-debian.yaml")
        for index in sample.spec.hosts.indices { sample.spec.hosts[index].architecture = .arm64 }
        let kubelet = try #require(binaries(sample.plan, "worker-0").first { $0.path.hasSuffix("/kubelet") })
        #expect(kubelet.outline("aarch64 absent").hasPrefix("refused: there is no build of"))
    }
}
