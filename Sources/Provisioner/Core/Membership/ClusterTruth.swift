import Templates

/// What the cluster itself says about its members: nodes by the API, members of etcd by etcd.
package struct ClusterTruth: Sendable, Equatable {
    /// One member of etcd.
    package struct EtcdMember: Sendable, Hashable {
        /// Hexadecimal, as etcdctl writes it.
        package var id: String
        /// Empty while it has never begun.
        package var name: String
        package var peerURL: String
        package var isLearner: Bool

        package init(id: String, name: String, peerURL: String, isLearner: Bool) {
            self.id = id
            self.name = name
            self.peerURL = peerURL
            self.isLearner = isLearner
        }

        /// Whether it is this host's member: by its name, or, under another or no name, by its address.
        package func belongs(to nodeName: String, at address: String) -> Bool {
            name == nodeName || self.address == address
        }

        /// The host of its peer URL.
        package var address: String {
            String(peerURL.dropFirst("https://".count).prefix { $0 != ":" })
        }
    }

    /// Nodes, and whether each was made by us; `nil` where the API did not answer.
    package var nodes: [String: Bool]?
    /// `nil` where etcd did not answer.
    package var etcd: [EtcdMember]?

    package init(nodes: [String: Bool]? = nil, etcd: [EtcdMember]? = nil) {
        self.nodes = nodes
        self.etcd = etcd
    }

    /// Reads the answer of `ClusterTruthResource`'s probe.
    package init(words: [String]) {
        for word in words {
            let fields = word.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            switch fields.first {
            case "nodes": nodes = nodes ?? [:]
            case "node" where fields.count == 3: nodes?[fields[1]] = fields[2] == "ours"
            case "members": etcd = etcd ?? []
            case "member" where fields.count == 7:
                etcd?.append(
                    EtcdMember(id: fields[1], name: fields[3], peerURL: fields[4], isLearner: fields[6] == "true")
                )
            default: continue
            }
        }
    }

    /// The first answer of each kind.
    package func completed(by other: ClusterTruth) -> ClusterTruth {
        ClusterTruth(nodes: nodes ?? other.nodes, etcd: etcd ?? other.etcd)
    }
}

/// Asks the cluster for its members, as part of a host's one round trip; never in need of a change.
package struct ClusterTruthResource: Resource {
    package static let id = "members"
    private let asksAPI: Bool
    private let etcdAddress: String?

    package init(asksAPI: Bool, etcdAddress: String?) {
        self.asksAPI = asksAPI
        self.etcdAddress = etcdAddress
    }

    package var id: String { Self.id }
    package var title: String { "who is a member" }
    package var reason: String { "a host that left the inventory may still be a node or a member of etcd" }
    package var digest: String { "" }
    package var probe: Probe { .script(script) }

    /// Also for a session of its own.
    package var script: String {
        let ours = "index . \"kubectl.kubernetes.io/last-applied-configuration\""
        let nodes =
            "n=$(kc get nodes -o 'go-template={{range .items}}node|{{.metadata.name}}|{{with .metadata.annotations}}{{if \(ours)}}ours{{end}}{{end}}{{\"\\n\"}}{{end}}' 2> /dev/null) && echo nodes && echo \"$n\""
        let members = etcdAddress.map {
            "\(EtcdShell.client)\nm=$(E --endpoints https://\($0):2379 member list 2> /dev/null) && echo members && echo \"$m\" | sed 's/, /|/g; s/^/member|/'"
        }
        return ([asksAPI ? nodes : nil, members].compactMap(\.self) + ["true"]).joined(separator: "\n")
    }

    package func verdict(for answer: ProbeAnswer, changed: Set<String>) -> Verdict {
        let truth = ClusterTruth(words: answer.words)
        let words = [
            truth.nodes.map { counted($0.count, "node") },
            truth.etcd.map { counted($0.count, "member of etcd", "members of etcd") },
        ]
        return .same(words.compactMap(\.self).joined(separator: ", "))
    }
}
