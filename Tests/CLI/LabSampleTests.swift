import Foundation
import ProvisionArtifacts
import ProvisionCore
import Templates
import Testing

@testable import provision

/// A lab's machines have no way out of its network: whatever they get is sent to them.
@Suite struct LabSampleTests {
    /// The samples with a `lab` section.
    private static var labs: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: SampleCluster.folder.path)) ?? []
        return names.filter { name in
            let text = try? String(contentsOf: SampleCluster.folder.appending(path: name), encoding: .utf8)
            return name.hasSuffix(".yaml") && text?.contains("\nlab:") == true
        }.sorted()
    }

    @Test func `there is a lab for either way to get Kubernetes`() {
        #expect(Self.labs == ["lab-debian.yaml", "lab.yaml"])
    }

    @Test(arguments: labs)
    func `packages and images are asked for as files`(_ sample: String) throws {
        let spec = try SampleCluster.spec(sample)
        let request = SampleCluster.request(spec)
        #expect(request.components.contains(.haproxy))
        let archives = SampleCluster.artifacts(request).artifacts.compactMap { artifact -> String? in
            guard case .image(let reference) = artifact.kind else { return nil }
            return reference
        }
        #expect(Set(archives) == [spec.images.pause, spec.images.dns, spec.images.smokeTest])
    }

    @Test(arguments: labs)
    func `the plan of what was asked for needs no mirror and no registry`(_ sample: String) async throws {
        let spec = try SampleCluster.spec(sample)
        let plan = try await SampleCluster.plan(spec)
        let resources = plan.lanes.flatMap(\.resources)
        let scripts = resources.compactMap { $0 as? CommandResource }.map { $0.check + "\n" + $0.action.script }
        #expect(scripts.contains { $0.contains("dpkg -i") } && !scripts.contains { $0.contains("apt-get") })
        let images = [spec.images.pause, spec.images.dns, spec.images.smokeTest]
        for lane in plan.lanes where lane.host.has(.worker) {
            #expect(Set(lane.resources.map(\.id)).isSuperset(of: images.map { "image:\($0)" }), "\(lane.host.name)")
        }
        let text = resources.compactMap { ($0 as? FileResource)?.file.text }.joined(separator: "\n")
        let lines = text.split(separator: "\n").map { line in line.drop { $0 == " " || $0 == "-" } }
        let named = lines.filter { $0.hasPrefix("image: ") }.map { String($0.dropFirst("image: ".count)) }
        #expect(!named.isEmpty && Set(named).isSubset(of: images))
        let policies = lines.filter { $0.hasPrefix("imagePullPolicy: ") }
        #expect(!policies.isEmpty && policies.allSatisfy { $0.hasSuffix(" Never") })
        #expect(lines.contains { $0.hasPrefix("sandbox") && $0.contains(spec.images.pause) })
    }

    @Test func `hosts that reach a mirror install packages themselves`() throws {
        let request = SampleCluster.request(try SampleCluster.spec("ha-two-load-balancers.yaml"))
        #expect(!request.components.contains { $0.shape != .binary })
    }

    @Test func `a mixed fleet is asked for in every architecture that it has`() throws {
        var spec = try SampleCluster.spec("ha-external-lb.yaml")
        #expect(SampleCluster.request(spec).architectures == [.amd64])
        spec.hosts[0].architecture = .arm64
        #expect(SampleCluster.request(spec).architectures == [.amd64, .arm64])
        for index in spec.hosts.indices { spec.hosts[index].architecture = .arm64 }
        #expect(SampleCluster.request(spec).architectures == [.arm64])
    }
}
