import ProvisionCore
import Templates
import Testing

@Suite struct RuntimeTests {
    private func worker(_ kind: RuntimeSpec.Kind, restricted: Bool = true) async throws -> [any Resource] {
        var sample = try await SamplePlan.make("lab-debian.yaml")
        sample.spec.runtime.kind = kind
        sample.spec.runtime.restrictOOMScoreAdj = restricted
        let lane = try #require(sample.plan.lanes.first { $0.host.name == "worker-0" })
        return lane.resources
    }

    @Test func `containerd is the runtime unless docker is asked for`() async throws {
        let resources = try await worker(.containerd)
        #expect(resources.contains { $0.id == "service:containerd.service" })
        #expect(!resources.contains { $0.id.contains("docker") })
    }

    @Test func `docker leaves the packet filter alone and is what the kubelet talks to`() async throws {
        let resources = try await worker(.docker)
        let files = resources.compactMap { ($0 as? FileResource)?.file }
        let unit = try #require(files.first { $0.path == "/etc/systemd/system/docker.service" })
        let words = ["/usr/sbin/dockerd", "--iptables=false", "--ip-masq=false", "native.cgroupdriver=cgroupfs"]
        #expect(words.allSatisfy(unit.text.contains))
        #expect(DockerUnit().rendered().text.contains("--exec-opt=native.cgroupdriver=systemd"))
        let kubelet = try #require(files.first { $0.path == "/etc/systemd/system/kubelet.service" })
        #expect(kubelet.text.contains("--container-runtime=docker"))
        #expect(!kubelet.text.contains("containerd.sock"))
        #expect(!resources.contains { $0.id.contains("containerd") })
        let order = resources.map(\.id)
        let package = try #require(order.firstIndex(of: "package:docker"))
        let service = try #require(order.firstIndex(of: "service:docker.service"))
        #expect(package < service)
    }

    @Test func `where a negative score is refused docker has a runtime that asks for none`() async throws {
        for restricted in [true, false] {
            let resources = try await worker(.docker, restricted: restricted)
            let files = resources.compactMap { ($0 as? FileResource)?.file }
            let unit = try #require(files.first { $0.path == "/etc/systemd/system/docker.service" })
            let path = "/usr/local/bin/runc-restricted"
            #expect(files.contains { $0.path == path && $0.mode == 0o755 } == restricted)
            for flag in ["--add-runtime=restricted=\(path)", "--default-runtime=restricted"] {
                #expect(unit.text.contains(flag) == restricted)
            }
            #expect(unit.text.contains("--oom-score-adjust=0") == restricted)
        }
    }

    @Test func `images go into the runtime that is there`() async throws {
        for (kind, words) in [(RuntimeSpec.Kind.containerd, "ctr -n k8s.io images import"), (.docker, "docker load")] {
            let images = try await worker(kind).compactMap { $0 as? CommandResource }.filter {
                $0.id.hasPrefix("image:")
            }
            #expect(images.count == 3)
            #expect(images.allSatisfy { $0.action.script.contains(words) })
        }
    }
}
