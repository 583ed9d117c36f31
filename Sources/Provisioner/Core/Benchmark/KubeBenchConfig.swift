package import Templates

/// What kube-bench must be told of this cluster: it looks for static pods and for other projects' paths by itself.
///
/// It takes the place of kube-bench's own `cfg/config.yaml`, whose layout it has (`kube-bench --config`), and is the same
/// for every host, since kube-bench asks of each only for what runs there.
package struct KubeBenchConfig: Sendable {
    /// Which checks run on a host.
    private static let targets = ["master", "node", "controlplane", "etcd", "policies"]

    private let spec: ClusterSpec
    private let paths: HostPaths

    package init(spec: ClusterSpec, paths: HostPaths = .standard) {
        self.spec = spec
        self.paths = paths
    }

    /// The benchmark, as kube-bench calls it.
    package var profile: String { BenchmarkProfile.name(for: spec.versions.kubernetes) }

    package var value: OrderedValue {
        let version = spec.versions.kubernetes
        return [
            "master": master,
            "node": node,
            "etcd": ["components": ["etcd"], "etcd": etcd],
            "controlplane": ["components": ["apiserver"], "apiserver": apiServer],
            "policies": ["components": []],
            "managedservices": ["components": []],
            "version_mapping": .object([.init("\(version.major).\(version.minor)", .string(profile))]),
            "target_mapping": .object([.init(profile, .strings(Self.targets))]),
        ]
    }

    private var master: OrderedValue {
        var etcd = etcd
        etcd["optional"] = true
        return [
            "components": ["apiserver", "scheduler", "controllermanager", "etcd", "kubelet"],
            "apiserver": apiServer,
            "scheduler": kubeconfig(paths.schedulerKubeconfig, unit("kube-scheduler")),
            "controllermanager": kubeconfig(paths.controllerManagerKubeconfig, unit("kube-controller-manager")),
            "etcd": etcd,
            "kubelet": ["optional": true, "bins": ["kubelet"]],
        ]
    }

    private var node: OrderedValue {
        var kubelet = service("kubelet", configuration: paths.kubeletConfig)
        kubelet["cafile"] = [.string(paths.clusterCA)]
        kubelet["defaultcafile"] = .string(paths.clusterCA)
        var proxy = service("kube-proxy", configuration: paths.kubeProxyConfig)
        proxy["optional"] = true
        return [
            "components": ["kubelet", "proxy"],
            "kubelet": kubeconfig(paths.kubeletKubeconfig, kubelet),
            "proxy": kubeconfig(paths.kubeProxyKubeconfig, proxy),
        ]
    }

    private var apiServer: OrderedValue { unit("kube-apiserver") }

    private var etcd: OrderedValue {
        var etcd = unit("etcd")
        etcd["datadirs"] = [.string(spec.etcd.dataDirectory)]
        etcd["defaultdatadir"] = .string(spec.etcd.dataDirectory)
        return etcd
    }

    /// A component whose unit stands where kube-bench looks for a static pod.
    private func unit(_ program: String) -> OrderedValue {
        let path = OrderedValue.string(paths.unit("\(program).service"))
        return ["bins": [.string(program)], "confs": [path], "defaultconf": path]
    }

    /// A component that kube-bench knows as a service with a configuration file.
    private func service(_ program: String, configuration: String) -> OrderedValue {
        let path = OrderedValue.string(paths.unit("\(program).service"))
        let file = OrderedValue.string(configuration)
        return [
            "bins": [.string(program)], "confs": [file], "defaultconf": file, "svc": [path], "defaultsvc": path,
        ]
    }

    private func kubeconfig(_ path: String, _ component: OrderedValue) -> OrderedValue {
        var component = component
        component["kubeconfig"] = [.string(path)]
        component["defaultkubeconfig"] = .string(path)
        return component
    }

    /// The file, with a line on its use and a final newline.
    package var text: String {
        """
        # For kube-bench on the hosts of \(spec.name), Kubernetes \(spec.versions.kubernetes), beside its own cfg directory:
        #   kube-bench --config THIS-FILE --config-dir cfg --benchmark \(profile)
        \(YAMLText.encode(value))
        """
    }
}
