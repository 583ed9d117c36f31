package import Templates

/// What is known about a standing cluster before its versions change.
package struct UpgradeFacts: Sendable {
    /// One host of the plan, as observed.
    package struct Host: Sendable {
        package var name: String
        /// Ids of the resources that are not as wanted.
        package var changing: Set<String>
        /// Units that run.
        package var units: Set<String>
        /// The package version that the plan wants installed, by package.
        package var packages: [String: String]

        package init(
            name: String,
            changing: Set<String>,
            units: Set<String>,
            packages: [String: String] = [:]
        ) {
            self.name = name
            self.changing = changing
            self.units = units
            self.packages = packages
        }
    }

    /// A node as the API knows it, in the inventory or not.
    package struct Node: Sendable, Hashable {
        package var name: String
        package var kubelet: KubernetesVersion
        /// Why it was cordoned by this program, where it was.
        package var cordon: String?

        package init(name: String, kubelet: KubernetesVersion, cordon: String? = nil) {
            self.name = name
            self.kubelet = kubelet
            self.cordon = cordon
        }
    }

    /// Hosts of the plan that were reached.
    package var hosts: [Host]
    /// By host, also of those outside a limited plan.
    package var running: [String: RunningVersions]
    package var nodes: [Node]
    package var removed: RemovedAPIUse
    /// Hosts that were not reached, and why.
    package var unreachable: [String: String]

    package init(
        hosts: [Host],
        running: [String: RunningVersions],
        nodes: [Node] = [],
        removed: RemovedAPIUse = RemovedAPIUse(),
        unreachable: [String: String] = [:]
    ) {
        self.hosts = hosts
        self.running = running
        self.nodes = nodes
        self.removed = removed
        self.unreachable = unreachable
    }

    /// Read-only, on a controller: every node with its kubelet and our cordon.
    package static var nodesScript: String {
        #"""
        \#(Prelude.probing)
        T=10s K=30
        kc get nodes -o 'go-template={{range .items}}node {{.metadata.name}} {{.status.nodeInfo.kubeletVersion}} {{if .spec.unschedulable}}{{with .metadata.annotations}}{{with index . "\#(NodeDrain.annotation)"}}{{.}}{{end}}{{end}}{{end}}{{"\n"}}{{end}}'
        """#
    }

    package static func nodes(output: String) -> [Node] {
        output.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ", maxSplits: 3)
            guard words.count >= 3, words[0] == "node", let version = KubernetesVersion(words[2]) else { return nil }
            return Node(name: String(words[1]), kubelet: version, cordon: words.count > 3 ? String(words[3]) : nil)
        }
    }
}
