import PKI
import Templates

/// A component as a client, with the leaf and the trust file that it has on its own host, before a server.
///
/// The canaries ask whom a server believes; this asks whether the two that really talk believe each other.
struct ComponentHandshake: Sendable, Hashable {
    var root: TrustRoot
    /// `kube-proxy`.
    var client: String
    /// `the API endpoint`.
    var server: String
    /// Words for the shell's `own`: how to ask, and where.
    var command: String

    /// Every pair that begins on a host.
    static func all(of host: HostSpec, in spec: ClusterSpec) -> [ComponentHandshake] {
        let leaves = CertificateCatalog.certificates(of: spec, on: host)
        let own = leaves.flatMap { leaf in
            servers(of: leaf, on: host, in: spec).map { server in
                let certificate = "--cert \(leaf.certificatePath) --key \(leaf.keyPath)"
                return ComponentHandshake(
                    root: leaf.subject.issuer == .etcd ? .etcd : .kubernetes,
                    client: String(leaf.identifier.prefix { $0 != "@" }),
                    server: server.name,
                    command: "\(certificate) --cacert \(server.trust) \(server.url)"
                )
            }
        }
        return own + kubectl(on: host)
    }

    private struct Server {
        var name: String
        var url: String
        var trust: String
    }

    private static func servers(of leaf: CatalogCertificate, on host: HostSpec, in spec: ClusterSpec) -> [Server] {
        let paths = HostPaths.standard
        func each(_ role: Role, _ name: String, _ place: String, _ trust: String) -> [Server] {
            spec.hosts(role).map { other in
                Server(
                    name: "\(name) on \(other.name)",
                    url: "https://\(other.internalAddress):\(place)",
                    trust: trust
                )
            }
        }
        switch leaf.identifier.prefix(while: { $0 != "@" }) {
        case "etcd-peer":
            return each(.etcd, "etcd peer", "2380/version", paths.etcdCA).filter { !$0.name.hasSuffix(" \(host.name)") }
        case "apiserver-etcd-client", "etcd-healthcheck":
            return each(.etcd, "etcd", "2379/health", paths.etcdCA)
        case "apiserver-kubelet-client": return each(.worker, "kubelet", "10250/healthz", paths.clusterCA)
        case "controller-manager", "scheduler":
            return [Server(name: "its API server", url: "https://127.0.0.1:6443/api", trust: paths.clusterCA)]
        case "kubelet-client", "kube-proxy":
            return [Server(name: "the API endpoint", url: "\(spec.apiURL)/api", trust: paths.clusterCA)]
        case "haproxy-check": return each(.controller, "kube-apiserver", "6443/readyz", paths.haproxyCA)
        default: return []
        }
    }

    /// The operator's kubeconfig, which holds leaf and trust in itself.
    private static func kubectl(on host: HostSpec) -> [ComponentHandshake] {
        guard host.has(.client) else { return [] }
        return [.init(root: .kubernetes, client: "kubectl", server: "the API endpoint", command: "kubectl")]
    }
}
