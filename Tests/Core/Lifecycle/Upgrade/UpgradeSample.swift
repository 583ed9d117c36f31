import ProvisionCore
import Templates

/// A cluster that stands with one Kubernetes version while its inventory wants another.
struct UpgradeSample {
    var sample = "lab-debian.yaml"
    var from = "1.20.2"
    var to = "1.20.3-lab"
    /// Versions that some host runs instead, `HOST COMPONENT VERSION`.
    var others: [String] = []
    /// Nodes as the API knows them, `NAME VERSION [REASON]`; default: the workers.
    var nodes: [String]?
    var adjust: @Sendable (inout ClusterSpec) -> Void = { _ in }
    /// Hosts whose observed resources are as wanted already.
    var finished: Set<String> = []
    var unreachable: [String: String] = [:]
    var removed = ""
    /// Resources that are not as wanted, although nothing was asked for.
    var drifted: Set<String> = []

    func spec() throws -> ClusterSpec {
        var spec = try SamplePlan.spec(sample)
        spec.versions.kubernetes = KubernetesVersion(to) ?? spec.versions.kubernetes
        adjust(&spec)
        return spec
    }

    func upgrade() throws -> Upgrade {
        let spec = try spec()
        let reached = spec.hosts.filter { unreachable[$0.name] == nil }
        let changes = (from == to) ? [] : VersionedComponent.allCases.filter(\.isKubernetes).flatMap(\.resources)
        return Upgrade(
            spec: spec,
            facts: UpgradeFacts(
                hosts: reached.map {
                    UpgradeFacts.Host(
                        name: $0.name,
                        changing: finished.contains($0.name) ? [] : Set(changes).union(drifted),
                        units: $0.has(.worker) ? ["kubelet.service", "containerd.service"] : []
                    )
                },
                running: reached.reduce(into: [:]) { $0[$1.name] = running(on: $1, spec) },
                nodes: UpgradeFacts.nodes(
                    output: (nodes ?? spec.hosts(.worker).map { "\($0.nodeName) v\(from)" }).map { "node \($0)\n" }
                        .joined()
                ),
                removed: RemovedAPIUse(output: removed),
                unreachable: unreachable
            )
        )
    }

    private func running(on host: HostSpec, _ spec: ClusterSpec) -> RunningVersions {
        var releases: [VersionedComponent: ComponentRelease] = [:]
        for component in VersionedComponent.allCases where host.has(component.role) {
            let kubernetes = finished.contains(host.name) ? to : from
            guard let version = component.isKubernetes ? kubernetes : component.wanted(spec.versions) else { continue }
            releases[component] = ComponentRelease(version)
        }
        for line in others {
            let words = line.split(separator: " ").map(String.init)
            guard words[0] == host.name, let component = VersionedComponent(rawValue: words[1]) else { continue }
            releases[component] = ComponentRelease(words[2])
        }
        return RunningVersions(releases)
    }
}
