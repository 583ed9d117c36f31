/// The scheduler's configuration file; its API version follows the Kubernetes version.
package struct KubeSchedulerConfig: Sendable {
    package var version: KubernetesVersion
    /// Laid over what is rendered; replaces or adds.
    package var extraFields: OrderedValue = [:]
    package var paths: HostPaths

    package init(version: KubernetesVersion, paths: HostPaths = .standard) {
        self.version = version
        self.paths = paths
    }

    /// The newest that the version serves: v1 exists from 1.25, v1beta3 from 1.23, v1beta2 from 1.22 on.
    package var apiVersion: String {
        switch version.minor {
        case ...21: "kubescheduler.config.k8s.io/v1beta1"
        case 22: "kubescheduler.config.k8s.io/v1beta2"
        case 23...24: "kubescheduler.config.k8s.io/v1beta3"
        default: "kubescheduler.config.k8s.io/v1"
        }
    }

    package var value: OrderedValue {
        var value: OrderedValue = [
            "apiVersion": .string(apiVersion),
            "kind": "KubeSchedulerConfiguration",
            "clientConnection": ["kubeconfig": .string(paths.schedulerKubeconfig)],
            "leaderElection": ["leaderElect": true],
            "enableProfiling": false,
        ]
        if FieldTable.of(.kubeScheduler).has("healthzBindAddress", in: version) {
            // These versions open a plain HTTP port whatever the flags say: keep it on the loopback.
            value["healthzBindAddress"] = "127.0.0.1:10251"
            value["metricsBindAddress"] = "127.0.0.1:10251"
        }
        return value.merging(extraFields)
    }

    package func rendered() -> RenderedFile {
        RenderedFile(
            path: paths.schedulerConfig,
            text: YAMLText.encode(value),
            mode: 0o600,
            secrecy: .judged(by: extraFields.names)
        )
    }
}
