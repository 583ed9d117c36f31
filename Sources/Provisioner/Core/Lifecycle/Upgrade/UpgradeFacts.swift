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
        /// Units that run and are to be restarted.
        package var restarting: Set<String>
        /// The package version that the plan wants installed, by package.
        package var packages: [String: String]

        package init(
            name: String,
            changing: Set<String>,
            units: Set<String>,
            restarting: Set<String> = [],
            packages: [String: String] = [:]
        ) {
            self.name = name
            self.changing = changing
            self.units = units
            self.restarting = restarting
            self.packages = packages
        }

        private func changes(_ paths: [String]) -> Bool {
            paths.map(FileResource.id).contains(where: changing.contains)
        }

        /// What only pods that start afterwards would get, and whatever restarts dockerd, which ends its containers.
        package var changesRuntimeSettings: Bool {
            let paths = HostPaths.standard
            return changes([paths.containerdConfig, paths.cniBridge, paths.cniLoopback])
                || restarting.contains(ContainerRuntime.docker.serviceName)
        }

        /// Flags or configuration that the running kubelet does not have; a file that was edited under it starts nothing.
        package var changesKubeletSettings: Bool {
            let paths = HostPaths.standard
            return changing.contains("service:kubelet.service")
                && changes([paths.kubeletConfig, paths.unit("kubelet.service")])
        }
    }

    /// A node as the API knows it, in the inventory or not.
    package struct Node: Sendable, Hashable {
        package var name: String
        package var kubelet: KubernetesVersion
        /// Why it was cordoned by this program, where it was.
        package var cordon: String?
        package var isReady: Bool

        package init(name: String, kubelet: KubernetesVersion, cordon: String? = nil, isReady: Bool = true) {
            self.name = name
            self.kubelet = kubelet
            self.cordon = cordon
            self.isReady = isReady
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

    /// Read-only, on a controller: every node with its kubelet and our cordon, and whether it is Ready.
    package static var nodesScript: String {
        #"""
        \#(Prelude.probing)
        T=10s K=30
        kc get nodes -o 'go-template={{range .items}}node {{.metadata.name}} {{.status.nodeInfo.kubeletVersion}} {{if .spec.unschedulable}}{{with .metadata.annotations}}{{with index . "\#(NodeDrain.annotation)"}}{{.}}{{end}}{{end}}{{end}}{{"\n"}}{{$n := .metadata.name}}{{range .status.conditions}}{{if eq .type "Ready"}}ready {{$n}} {{.status}}{{"\n"}}{{end}}{{end}}{{end}}'
        """#
    }

    package static func nodes(output: String) -> [Node] {
        let lines = output.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 3) }
        // One that was registered and has no kubelet yet says nothing of itself.
        let away = lines.filter { $0.count == 3 && $0[0] == "ready" && $0[2] != "True" }.map { String($0[1]) }
        return lines.compactMap { words in
            guard words.count >= 3, words[0] == "node", let version = KubernetesVersion(words[2]) else { return nil }
            let name = String(words[1])
            let cordon = words.count > 3 ? String(words[3]) : nil
            return Node(name: name, kubelet: version, cordon: cordon, isReady: !away.contains(name))
        }
    }
}
