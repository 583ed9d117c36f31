import Templates

/// One certificate in words: what it is for, where it lies, who trusts it, and what its end or its theft would mean.
package enum CertificateExplanation {
    package static func lines(of entry: CatalogCertificate) -> [String] {
        let subject = entry.subject
        let names = subject.dnsNames + subject.addresses.map(\.description)
        var lines = ["\(entry.identifier): \(entry.reason)"]
        lines.append("subject   CN=\(subject.commonName)\(subject.organizations.map { ", O=\($0)" }.joined())")
        if !names.isEmpty { lines.append("names     \(names.joined(separator: ", "))") }
        lines.append("usage     \(subject.usages.sorted().map(\.rawValue).joined(separator: ", "))")
        lines.append("issuer    \(subject.issuer.rawValue), \(trusting(subject.issuer))")
        let place = entry.host.map { "on \($0): " } ?? "in the credential store: "
        let files =
            entry.certificatePath == entry.keyPath ? entry.keyPath : "\(entry.certificatePath), \(entry.keyPath)"
        lines.append("lies      \(place)\(files), key \(String(entry.keyMode, radix: 8)) \(entry.owner):\(entry.group)")
        lines.append("life      \(subject.lifetime / 86_400) days, renewed by apply in its last third")
        if !entry.kubeconfigs.isEmpty { lines.append("held by   \(entry.kubeconfigs.joined(separator: ", "))") }
        let units = entry.consumers.filter { !$0.isEmpty }
        lines.append("restarts  \(units.isEmpty ? "nothing; it is read at each use" : units.joined(separator: ", "))")
        lines.append("ended     \(consequence(entry))")
        lines.append("renew     provision certs renew --certificate \(entry.identifier) INVENTORY")
        return lines
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
