package import PKI
import Templates

extension RotationRefusal {
    /// A flag that names the file of a root, and which file a rotation replaces.
    private struct RootFlag {
        var component: ComponentName
        var name: String
        var path: String

        init(_ component: ComponentName, _ name: String, _ path: String) {
            self.component = component
            self.name = name
            self.path = path
        }
    }

    /// Whoever reads a file of the inventory's own instead would never hear of the next generation.
    ///
    /// - Parameters:
    ///   - spec: The cluster.
    ///   - roots: What is to be rotated.
    /// - Returns: One for each flag of each host.
    package static func ownFiles(_ spec: ClusterSpec, roots: [TrustRoot]) -> [RotationRefusal] {
        roots.flatMap { root in flags(of: root).flatMap { refusals($0, of: root, in: spec) } }
    }

    private static func refusals(_ flag: RootFlag, of root: TrustRoot, in spec: ClusterSpec) -> [RotationRefusal] {
        spec.hosts(flag.component.role).compactMap { host -> RotationRefusal? in
            guard let path = own(flag, on: host) else { return nil }
            let place = "\(host.name): --\(flag.name) of \(flag.component.rawValue) in extraFlags is \(path)"
            return RotationRefusal(
                "\(place), which no rotation of \(root.rawValue) changes",
                remedy: "change that file by your own means, or take the flag out of the inventory and apply"
            )
        }
    }

    private static func own(_ flag: RootFlag, on host: HostSpec) -> String? {
        let given = (host.extraFlags[flag.component] ?? [:]).first { $0.key.drop { $0 == "-" } == flag.name }?.value
        return given == flag.path ? nil : given
    }

    private static func flags(of root: TrustRoot) -> [RootFlag] {
        let paths = HostPaths.standard
        return switch root {
        case .kubernetes:
            [
                RootFlag(.kubeAPIServer, "client-ca-file", paths.clusterCA),
                RootFlag(.kubeAPIServer, "kubelet-certificate-authority", paths.clusterCA),
                RootFlag(.kubeAPIServer, "kubelet-client-certificate", paths.apiServerKubeletClient.certificate),
                RootFlag(.kubeAPIServer, "tls-cert-file", paths.apiServer.certificate),
                RootFlag(.kubeControllerManager, "root-ca-file", paths.clusterCA),
                RootFlag(.kubeControllerManager, "client-ca-file", paths.clusterCA),
                RootFlag(.kubeScheduler, "client-ca-file", paths.clusterCA),
            ]
        case .etcd:
            [
                RootFlag(.etcd, "trusted-ca-file", paths.etcdCA),
                RootFlag(.etcd, "peer-trusted-ca-file", paths.etcdCA),
                RootFlag(.etcd, "cert-file", paths.etcdServer.certificate),
                RootFlag(.etcd, "peer-cert-file", paths.etcdPeer.certificate),
                RootFlag(.kubeAPIServer, "etcd-cafile", paths.etcdCA),
                RootFlag(.kubeAPIServer, "etcd-certfile", paths.apiServerEtcdClient.certificate),
            ]
        case .frontProxy:
            [
                RootFlag(.kubeAPIServer, "requestheader-client-ca-file", paths.frontProxyCA),
                RootFlag(.kubeAPIServer, "proxy-client-cert-file", paths.frontProxyClient.certificate),
            ]
        case .serviceAccount:
            [
                RootFlag(.kubeAPIServer, "service-account-key-file", paths.serviceAccountPublicKey),
                RootFlag(.kubeAPIServer, "service-account-signing-key-file", paths.serviceAccountPrivateKey),
                RootFlag(
                    .kubeControllerManager,
                    "service-account-private-key-file",
                    paths.serviceAccountPrivateKey
                ),
            ]
        case .encryption: [RootFlag(.kubeAPIServer, "encryption-provider-config", paths.encryptionConfig)]
        }
    }
}
