import Templates

/// The workers' Node objects: the API must say of each what the inventory says.
///
/// A Node that somebody deleted is made again by its kubelet, without its pod network and its labels. Labels and taints
/// of others are nobody's business here.
struct NodeObjectsResource: Resource {
    let manifest: Manifest
    let nodes: [NodesManifest.Node]

    var id: String { manifest.id }
    var title: String { manifest.title }
    var reason: String { manifest.reason }
    var digest: String { manifest.source.digest }

    /// One list of all nodes: a question for each takes minutes where there are hundreds.
    var probe: Probe {
        .script(
            """
            if \(manifest.isApplied); then echo applied; else echo stale; fi
            o=$(kc get nodes -o 'go-template=\(template)' 2>&1) || { echo "$o" | head -n 3; return 1; }; echo "$o"
            """
        )
    }

    private var template: String {
        let keys = Set(nodes.flatMap { Self.labels(of: $0).map(\.key) }).sorted().map { "\"\($0)\"" }
        let isOurs = "eq $k \(keys.joined(separator: " "))"
        let labels = "{{range $k, $v := .metadata.labels}}{{if \(isOurs)}}{{$k}}={{$v}},{{end}}{{end}}"
        let taints = "{{range .spec.taints}}{{.key}}={{with .value}}{{.}}{{end}}:{{.effect}},{{end}}"
        let node = "node|{{.metadata.name}}|{{with .spec.podCIDR}}{{.}}{{end}}|\(keys.isEmpty ? "" : labels)|\(taints)"
        return "{{range .items}}\(node){{\"\\n\"}}{{end}}"
    }

    /// The kubelet keeps the host name's label by itself.
    private static func labels(of node: NodesManifest.Node) -> [(key: String, value: String)] {
        node.labels.filter { $0.key != "kubernetes.io/hostname" }.sorted { $0.key < $1.key }
    }

    func verdict(for answer: ProbeAnswer, changed: Set<String>) -> Verdict {
        let seen: [String: Seen] = answer.words.compactMap(Seen.init).reduce(into: [:]) { $0[$1.name] = $1 }
        let foreign = nodes.filter { node in
            seen[node.name].map { !$0.podCIDR.isEmpty && $0.podCIDR != node.podCIDR.description } ?? false
        }
        guard foreign.isEmpty else { return refusal(foreign, seen) }
        let apply = [manifest.action(extra: nodes.count)]
        if answer.words.first == "stale" { return .change("were never applied as they are now", apply) }
        guard answer.status == 0 else {
            let words = answer.words.drop { $0 == "applied" }
            return .change(words.isEmpty ? "cannot be read" : words.joined(separator: " "), apply)
        }
        let lacking = nodes.compactMap { node -> String? in
            guard let own = seen[node.name] else { return "\(node.name) is missing" }
            return own.lack(of: node)
        }
        guard !lacking.isEmpty else { return .same("\(counted(nodes.count, "node is", "nodes are")) as wanted") }
        return .change(Self.shortened(lacking), apply)
    }

    /// The API takes a pod network for a Node that has none, and never another one.
    private func refusal(_ foreign: [NodesManifest.Node], _ seen: [String: Seen]) -> Verdict {
        let texts = foreign.map { "\($0.name) has the podCIDR \(seen[$0.name]?.podCIDR ?? "?"), not \($0.podCIDR)" }
        return .refused(
            "a Node keeps its pod network: \(Self.shortened(texts))",
            remedy: "put podCIDR back in the inventory; or drain the node, kubectl delete node \(foreign[0].name), "
                + "systemctl restart kubelet on it, then provision apply"
        )
    }

    private static func shortened(_ texts: [String]) -> String {
        texts.prefix(3).joined(separator: "; ") + (texts.count > 3 ? "; and \(texts.count - 3) more" : "")
    }

    /// One Node as the API has it.
    private struct Seen {
        let name: String
        /// Empty where it has none.
        let podCIDR: String
        private let labels: Set<String>
        private let taints: Set<String>

        init?(_ word: String) {
            let fields = word.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 5, fields[0] == "node" else { return nil }
            name = fields[1]
            podCIDR = fields[2]
            labels = Set(fields[3].split(separator: ",").map(String.init))
            taints = Set(fields[4].split(separator: ",").map(String.init))
        }

        /// What the inventory gives the node and the API does not; `nil` where there is nothing.
        func lack(of node: NodesManifest.Node) -> String? {
            let wanted = NodeObjectsResource.labels(of: node).map { "\($0.key)=\($0.value)" }
            let lacking =
                (podCIDR.isEmpty ? ["podCIDR \(node.podCIDR)"] : [])
                + wanted.filter { !labels.contains($0) }.map { "label \($0)" }
                + node.taints.map(\.description).filter { !taints.contains($0) }.map { "taint \($0)" }
            return lacking.isEmpty ? nil : "\(name) lacks \(lacking.joined(separator: ", "))"
        }
    }
}
