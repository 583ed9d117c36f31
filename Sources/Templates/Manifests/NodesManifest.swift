/// The Node objects of the workers, made before their kubelets register, so that each has the pod CIDR of the inventory.
package struct NodesManifest: Sendable {
    package struct Node: Sendable, Hashable {
        package var name: String
        package var podCIDR: CIDR
        package var labels: [String: String]
        package var taints: [NodeTaint]

        package init(name: String, podCIDR: CIDR, labels: [String: String] = [:], taints: [NodeTaint] = []) {
            self.name = name
            self.podCIDR = podCIDR
            self.labels = labels
            self.taints = taints
        }
    }

    package var nodes: [Node]
    package var paths: HostPaths

    package init(nodes: [Node], paths: HostPaths = .standard) {
        self.nodes = nodes
        self.paths = paths
    }

    package var manifest: ClusterManifest {
        ClusterManifest(name: "nodes.yaml", objects: nodes.map(object), paths: paths)
    }

    private func object(for node: Node) -> OrderedValue {
        let cidr = OrderedValue.string(String(describing: node.podCIDR))
        var spec: OrderedValue = ["podCIDR": cidr, "podCIDRs": [cidr]]
        if !node.taints.isEmpty { spec["taints"] = .array(node.taints.map(\.object)) }
        let own = [OrderedValue.Field("kubernetes.io/hostname", .string(node.name))]
        let given = node.labels.sorted { $0.key < $1.key }
            .filter { $0.key != "kubernetes.io/hostname" }
            .map { OrderedValue.Field($0.key, .string($0.value)) }
        return KubernetesObject.make(
            "v1",
            "Node",
            name: node.name,
            labels: own + given,
            fields: [.init("spec", spec), .init("status", Self.nothing)]
        )
    }

    /// Until its kubelet says what it has, nothing can be scheduled there; taken at the creation only.
    ///
    /// A kubelet of 1.20 that finds its Node without a capacity writes into a nil map and dies.
    private static let nothing: OrderedValue = [
        "capacity": ["cpu": "0", "memory": "0", "pods": "0"],
        "allocatable": ["cpu": "0", "memory": "0", "pods": "0"],
    ]

    package func rendered() -> RenderedFile { manifest.rendered() }
}
