/// The fixed paths of the components on a host, in one value, so that the targets which create files and those which name them agree.
///
/// The places are those which kube-bench knows (CIS Kubernetes Benchmark), so an independent audit finds them.
package struct HostPaths: Sendable, Hashable {
    package var binDirectory = "/usr/local/bin"
    package var cniBinDirectory = "/opt/cni/bin"
    package var cniConfigDirectory = "/etc/cni/net.d"
    package var unitDirectory = "/etc/systemd/system"
    package var kubernetesDirectory = "/etc/kubernetes"
    package var pkiDirectory = "/etc/kubernetes/pki"
    package var etcdPKIDirectory = "/etc/kubernetes/pki/etcd"
    package var etcdDataDirectory = "/var/lib/etcd"
    package var auditDirectory = "/var/log/kubernetes"
    package var kubeletDirectory = "/var/lib/kubelet"
    package var kubeletPKIDirectory = "/var/lib/kubelet/pki"
    package var kubeProxyDirectory = "/var/lib/kube-proxy"
    package var containerdDirectory = "/etc/containerd"
    package var containerdSocket = "/run/containerd/containerd.sock"
    package var registryConfigDirectory = "/etc/containerd/certs.d"
    package var haproxyDirectory = "/etc/haproxy"
    package var haproxyRuntimeDirectory = "/run/haproxy"
    package var haproxyBinary = "/usr/sbin/haproxy"
    package var keepalivedDirectory = "/etc/keepalived"
    package var keepalivedBinary = "/usr/sbin/keepalived"
    package var dockerdBinary = "/usr/sbin/dockerd"
    package var ipBinary = "/sbin/ip"
    package var killBinary = "/bin/kill"
    package var modprobeBinary = "/sbin/modprobe"
    package var manifestDirectory = "/etc/provision/manifests"
    package var sysctlFile = "/etc/sysctl.d/99-provision-kubernetes.conf"
    package var modulesFile = "/etc/modules-load.d/provision-kubernetes.conf"
    package var crictlFile = "/etc/crictl.yaml"

    package init() {}

    /// The paths that every cluster uses unless its inventory says otherwise.
    package static let standard = HostPaths()

    /// The place of a program, for example `kubelet`.
    package func binary(_ name: String) -> String { "\(binDirectory)/\(name)" }

    /// The place of a unit, for example `kubelet.service`.
    package func unit(_ name: String) -> String { "\(unitDirectory)/\(name)" }

    /// The place of a cluster manifest, for example `coredns.yaml`.
    package func manifest(_ name: String) -> String { "\(manifestDirectory)/\(name)" }

    package var clusterCA: String { "\(pkiDirectory)/ca.crt" }
    package var clusterCAKey: String { "\(pkiDirectory)/ca.key" }
    package var frontProxyCA: String { "\(pkiDirectory)/front-proxy-ca.crt" }
    package var serviceAccountPublicKey: String { "\(pkiDirectory)/sa.pub" }
    package var serviceAccountPrivateKey: String { "\(pkiDirectory)/sa.key" }
    package var apiServer: KeyPairPaths { pki("apiserver") }
    package var apiServerKubeletClient: KeyPairPaths { pki("apiserver-kubelet-client") }
    package var apiServerEtcdClient: KeyPairPaths { pki("apiserver-etcd-client") }
    package var frontProxyClient: KeyPairPaths { pki("front-proxy-client") }
    package var controllerManagerServing: KeyPairPaths { pki("controller-manager-serving") }
    package var schedulerServing: KeyPairPaths { pki("scheduler-serving") }
    package var controllerManagerClient: KeyPairPaths { pki("controller-manager") }
    package var schedulerClient: KeyPairPaths { pki("scheduler") }
    package var kubeProxyClient: KeyPairPaths { pki("kube-proxy") }
    package var kubeletClient: KeyPairPaths { KeyPairPaths(directory: kubeletPKIDirectory, name: "kubelet-client") }
    package var kubeletServing: KeyPairPaths { KeyPairPaths(directory: kubeletPKIDirectory, name: "kubelet") }
    package var etcdCA: String { "\(etcdPKIDirectory)/ca.crt" }
    package var etcdServer: KeyPairPaths { KeyPairPaths(directory: etcdPKIDirectory, name: "server") }
    package var etcdPeer: KeyPairPaths { KeyPairPaths(directory: etcdPKIDirectory, name: "peer") }
    package var etcdHealthcheckClient: KeyPairPaths {
        KeyPairPaths(directory: etcdPKIDirectory, name: "healthcheck-client")
    }

    /// What etcd reads while it has no data: its members, and whether the cluster exists.
    package var etcdBootstrap: String { "\(kubernetesDirectory)/etcd-bootstrap.env" }

    package var adminKubeconfig: String { "\(kubernetesDirectory)/admin.conf" }
    package var controllerManagerKubeconfig: String { "\(kubernetesDirectory)/controller-manager.conf" }
    package var schedulerKubeconfig: String { "\(kubernetesDirectory)/scheduler.conf" }
    package var kubeletKubeconfig: String { "\(kubernetesDirectory)/kubelet.conf" }
    package var kubeProxyKubeconfig: String { "\(kubernetesDirectory)/proxy.conf" }
    package var schedulerConfig: String { "\(kubernetesDirectory)/scheduler.yaml" }
    package var encryptionConfig: String { "\(kubernetesDirectory)/encryption-config.yaml" }
    package var auditPolicy: String { "\(kubernetesDirectory)/audit-policy.yaml" }
    package var staticTokenFile: String { "\(kubernetesDirectory)/token.csv" }
    package var abacPolicyFile: String { "\(kubernetesDirectory)/authorization-policy.jsonl" }
    package var auditLog: String { "\(auditDirectory)/audit.log" }
    package var kubeletConfig: String { "\(kubeletDirectory)/config.yaml" }
    package var kubeProxyConfig: String { "\(kubeProxyDirectory)/config.yaml" }
    package var containerdConfig: String { "\(containerdDirectory)/config.toml" }
    package var restrictedRuntime: String { binary("runc-restricted") }
    package var cniBridge: String { "\(cniConfigDirectory)/10-bridge.conflist" }
    package var cniLoopback: String { "\(cniConfigDirectory)/99-loopback.conf" }
    package var haproxyConfig: String { "\(haproxyDirectory)/haproxy.cfg" }
    /// The authority which haproxy's health checks trust.
    package var haproxyCA: String { "\(haproxyDirectory)/ca.crt" }
    /// Certificate followed by key of haproxy's health checks, in one PEM file.
    package var haproxyCheckPEM: String { "\(haproxyDirectory)/check.pem" }
    package var haproxyStatsSocket: String { "\(haproxyRuntimeDirectory)/admin.sock" }
    package var keepalivedConfig: String { "\(keepalivedDirectory)/keepalived.conf" }

    private func pki(_ name: String) -> KeyPairPaths { KeyPairPaths(directory: pkiDirectory, name: name) }
}
