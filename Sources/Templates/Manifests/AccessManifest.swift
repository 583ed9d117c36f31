/// RBAC that a cluster needs before anything else: kubelet API access, administrators, health checks.
package struct AccessManifest: Sendable {
    /// Common name of the API server's client certificate towards kubelets.
    package static let kubeletClientUser = "kube-apiserver-kubelet-client"
    /// Organisation of administrators' certificates.
    package static let adminGroup = "provision:cluster-admins"
    /// Common names of the certificates that may read the health endpoints.
    package static let healthUsers = ["provision-haproxy"]

    package var paths: HostPaths

    package init(paths: HostPaths = .standard) { self.paths = paths }

    package var manifest: ClusterManifest {
        let health: OrderedValue = [
            "nonResourceURLs": ["/readyz", "/readyz/*", "/livez", "/livez/*", "/healthz", "/healthz/*", "/version"],
            "verbs": ["get"],
        ]
        return ClusterManifest(
            name: "access.yaml",
            objects: [
                KubernetesObject.clusterRoleBinding(
                    "provision:kubelet-api-admin",
                    role: "system:kubelet-api-admin",
                    subjects: [KubernetesObject.subject("User", Self.kubeletClientUser)]
                ),
                KubernetesObject.clusterRoleBinding(
                    "provision:cluster-admins",
                    role: "cluster-admin",
                    subjects: [KubernetesObject.subject("Group", Self.adminGroup)]
                ),
                KubernetesObject.clusterRole("provision:health-reader", rules: [health]),
                KubernetesObject.clusterRoleBinding(
                    "provision:health-readers",
                    role: "provision:health-reader",
                    subjects: Self.healthUsers.map { KubernetesObject.subject("User", $0) }
                ),
            ],
            paths: paths
        )
    }

    package func rendered() -> RenderedFile { manifest.rendered() }
}
