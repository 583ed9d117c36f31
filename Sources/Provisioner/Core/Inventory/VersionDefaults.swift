package import Templates

/// Component versions that go with a Kubernetes version where the inventory is silent.
package enum VersionDefaults {
    package static let kubernetes = KubernetesVersion(1, 36, 2)

    package static func versions(for kubernetes: KubernetesVersion) -> ComponentVersions {
        let minor = kubernetes.minor
        return ComponentVersions(
            kubernetes: kubernetes,
            etcd: minor >= 34 ? "3.6.14" : minor >= 22 ? "3.5.24" : "3.4.23",
            containerd: minor >= 32 ? "2.3.4" : minor >= 24 ? "1.7.27" : "1.6.20",
            runc: minor >= 32 ? "1.4.3" : minor >= 24 ? "1.2.6" : "1.1.5",
            cniPlugins: minor >= 32 ? "1.9.1" : minor >= 24 ? "1.6.2" : "1.1.1",
            coreDNS: minor >= 36
                ? "1.14.2" : minor >= 35 ? "1.12.4" : minor >= 34 ? "1.12.1" : minor >= 28 ? "1.11.3" : "1.8.6"
        )
    }
}
