import Templates

/// What the flags of one API server come to after the inventory's own, as far as a rotation asks for it.
package struct APIServerFlags: Sendable, Hashable {
    /// Whom tokens of service accounts must name as their issuer.
    package var issuer: String
    /// For whom a token must be meant.
    package var audiences: [String]
    /// Where its objects lie in etcd, `/registry`.
    package var etcdPrefix: String

    package init(of host: HostSpec, in spec: ClusterSpec) {
        let flags = FlagSet(.kubeAPIServer, ["service-account-issuer": spec.network.serviceAccountIssuer])
            .merging(host.extraFlags[.kubeAPIServer] ?? [:])
        let issuer = flags["service-account-issuer"] ?? spec.network.serviceAccountIssuer
        self.issuer = issuer
        audiences = flags["api-audiences"].map { $0.split(separator: ",").map(String.init) } ?? [issuer]
        etcdPrefix = "/" + (flags["etcd-prefix"] ?? "registry").split(separator: "/").joined(separator: "/")
    }
}

extension NetworkSpec {
    /// The issuer of service accounts' tokens where no flag names another.
    package var serviceAccountIssuer: String { "https://kubernetes.default.svc.\(clusterDomain)" }
}
