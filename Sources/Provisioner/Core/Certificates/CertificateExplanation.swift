import Templates

/// One certificate in words: what it is for, where it lies, who trusts it, and what its end or its theft would mean.
package enum CertificateExplanation {
    /// One thing that is said about it.
    package struct Field: Sendable, Hashable {
        package var name: String
        package var text: String

        package init(_ name: String, _ text: String) {
            self.name = name
            self.text = text
        }

        /// As people read it, names in one column.
        package var line: String {
            name + String(repeating: " ", count: max(1, 10 - name.count)) + text
        }
    }

    package static func fields(of entry: CatalogCertificate) -> [Field] {
        let subject = entry.subject
        let names = subject.dnsNames + subject.addresses.map(\.description)
        let place = entry.host.map { "on \($0): " } ?? "in the credential store: "
        let files =
            entry.certificatePath == entry.keyPath ? entry.keyPath : "\(entry.certificatePath), \(entry.keyPath)"
        let units = entry.consumers.filter { !$0.isEmpty }
        let fields = [
            Field("subject", "CN=\(subject.commonName)\(subject.organizations.map { ", O=\($0)" }.joined())"),
            Field("names", names.joined(separator: ", ")),
            Field("usage", subject.usages.sorted().map(\.rawValue).joined(separator: ", ")),
            Field("issuer", "\(subject.issuer.rawValue), \(trusting(subject.issuer))"),
            Field("lies", "\(place)\(files), key \(String(entry.keyMode, radix: 8)) \(entry.owner):\(entry.group)"),
            Field("life", "\(counted(subject.lifetime / 86_400, "day")), renewed by apply in its last third"),
            Field("held by", entry.kubeconfigs.joined(separator: ", ")),
            Field("restarts", units.isEmpty ? "nothing; it is read at each use" : units.joined(separator: ", ")),
            Field("ended", consequence(entry)),
            Field("renew", "provision certs renew --certificate \(entry.identifier) INVENTORY"),
        ]
        return fields.filter { !$0.text.isEmpty }
    }

    private static func trusting(_ issuer: CatalogCertificate.Authority) -> String {
        switch issuer {
        case .kubernetes: "whom API servers, kubelets and every kubeconfig trust"
        case .etcd: "whom etcd's members trust, and API servers in front of etcd"
        case .frontProxy: "whom API servers and extension servers trust for identity in headers"
        }
    }

    private static func consequence(_ entry: CatalogCertificate) -> String {
        switch entry.role {
        case "etcd-server": return "API servers lose this member; with a majority ended the API is down"
        case "etcd-peer": return "this member leaves the quorum at its next connection"
        case "apiserver": return "clients refuse this API server; the load balancer takes it out"
        case "apiserver-etcd-client": return "this API server cannot read or write"
        case "apiserver-kubelet-client": return "logs, exec and port-forward through this API server fail"
        case "front-proxy-client": return "aggregated APIs (metrics) fail through this API server"
        case "controller-manager", "scheduler":
            return "it loses its lease; another controller's takes over while one is left"
        case "kubelet-client": return "the node becomes NotReady; its pods run on"
        case "kubelet-serving": return "logs, exec and metrics of this node fail"
        case "kube-proxy": return "services on this node stop following changes"
        case "haproxy-check": return "the load balancer takes every API server for down"
        case "admin": return "people's kubeconfigs stop working; provision kubeconfig makes another"
        default: return "what reads it is refused"
        }
    }
}
