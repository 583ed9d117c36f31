import Templates

/// The file that says to which cluster a host belongs.
///
/// A host that belongs to another cluster, or that has leftovers of one, is refused: nothing is adopted by accident.
package struct MarkerResource: Resource {
    package static let path = "/etc/provision/cluster"

    package let clusterID: String
    package let clusterName: String
    package let host: String
    /// Directories that hold an etcd member's data where there is one.
    package let etcdData: [String]
    /// What the host was, written into its receipt before anything is changed.
    package let baseline: HostBaseline
    /// What the store knows of rotations; `nil` where a mark of one is not asked for.
    private var rotation: RotationMark?

    package init(
        clusterID: String,
        clusterName: String,
        host: String,
        etcdData: [String] = ["/var/lib/etcd/member"],
        baseline: HostBaseline = HostBaseline(),
        rotation: RotationMark? = nil
    ) {
        self.rotation = rotation
        self.etcdData = etcdData
        self.baseline = baseline
        self.clusterID = clusterID
        self.clusterName = clusterName
        self.host = host
    }

    /// The same for what may happen beside any rotation.
    var besideRotations: MarkerResource {
        var marker = self
        marker.rotation = nil
        return marker
    }

    package var id: String { "marker:\(Self.path)" }
    package var title: String { Self.path }
    package var reason: String { "says to which cluster this host belongs; every change checks it first" }
    package var digest: String { clusterID }

    package var probe: Probe {
        .script(
            """
            if [ -f \(Self.path) ]; then echo marked $(cat \(Self.path))\(rotation == nil ? "" : Self.askingForRotation); else echo free; for p in \
            \(etcdData.joined(separator: " ")) \
            /etc/kubernetes/manifests /etc/kubernetes/pki /etc/rancher /var/lib/k0s /var/lib/rancher \
            /etc/systemd/system/kubelet.service /lib/systemd/system/kubelet.service; do [ ! -e $p ] || echo $p; done; fi
            """
        )
    }

    /// Behind a sign that stands in no name.
    private static let askingForRotation =
        "; [ ! -f \(RotationMark.path) ] || echo \"; $(cat \(RotationMark.path))\""

    package func verdict(for answer: ProbeAnswer, changed: Set<String>) -> Verdict {
        let parts = answer.words.split(separator: ";", maxSplits: 1).map { Array($0) }
        let words = parts.first ?? []
        if words.first == "marked" {
            if words.dropFirst().first == clusterID {
                let mark = parts.dropFirst().first ?? []
                return rotation?.refusal(of: mark, on: host) ?? .same("belongs to \(clusterName)")
            }
            let other = words.dropFirst(2).first ?? "?"
            return .refused(
                "\(host) belongs to the cluster \(other) (\(words.dropFirst().first ?? "no id")), not to \(clusterName) (\(clusterID))",
                remedy: "use that cluster's inventory and credential store, or tear that cluster down first"
            )
        }
        guard words == ["free"] else {
            return .refused(
                "\(host) has leftovers of another cluster: \(words.dropFirst().joined(separator: " "))",
                remedy: "remove them, or use a fresh host; nothing is adopted by accident"
            )
        }
        let content = "\(clusterID) \(clusterName) \(host)\n"
        let command = ["put", Self.path, "644", "root:root", SHA256Digest.hex(of: Array(content.utf8))]
        let action = Action(
            kind: .create,
            title: "mark the host as part of \(clusterName)",
            script: baseline.script(clusterID: clusterID) + "\n"
                + HereDocument(content: Array(content.utf8)).feeding(command.joined(separator: " "))
        )
        return .change("belongs to no cluster", [action])
    }
}
