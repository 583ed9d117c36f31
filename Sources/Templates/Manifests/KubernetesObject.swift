/// Builders of the object shapes that several manifests share.
package enum KubernetesObject {
    private static let managed = OrderedValue.Field("app.kubernetes.io/managed-by", "provision")

    /// `apiVersion`, `kind` and `metadata`, then the given fields.
    package static func make(
        _ apiVersion: String,
        _ kind: String,
        name: String,
        namespace: String? = nil,
        labels: [OrderedValue.Field] = [],
        fields: [OrderedValue.Field] = []
    ) -> OrderedValue {
        var metadata: OrderedValue = ["name": .string(name)]
        if let namespace { metadata["namespace"] = .string(namespace) }
        metadata["labels"] = .object(labels + [managed])
        let head: OrderedValue = ["apiVersion": .string(apiVersion), "kind": .string(kind), "metadata": metadata]
        return .object(head.fields + fields)
    }

    /// A ClusterRole of rules.
    package static func clusterRole(_ name: String, rules: [OrderedValue]) -> OrderedValue {
        make("rbac.authorization.k8s.io/v1", "ClusterRole", name: name, fields: [.init("rules", .array(rules))])
    }

    /// A ClusterRoleBinding of one role to subjects.
    package static func clusterRoleBinding(_ name: String, role: String, subjects: [OrderedValue]) -> OrderedValue {
        let reference: OrderedValue = [
            "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": .string(role),
        ]
        return make(
            "rbac.authorization.k8s.io/v1",
            "ClusterRoleBinding",
            name: name,
            fields: [.init("roleRef", reference), .init("subjects", .array(subjects))]
        )
    }

    /// A subject that a certificate names: kind is `User` or `Group`.
    package static func subject(_ kind: String, _ name: String) -> OrderedValue {
        ["kind": .string(kind), "name": .string(name), "apiGroup": "rbac.authorization.k8s.io"]
    }

    package static func serviceAccountSubject(_ name: String, namespace: String) -> OrderedValue {
        ["kind": "ServiceAccount", "name": .string(name), "namespace": .string(namespace)]
    }

    /// The `kube-dns` service at the cluster's DNS address.
    package static func dnsService(address: IPv4Address) -> OrderedValue {
        let spec: OrderedValue = [
            "clusterIP": .string(String(describing: address)),
            "selector": ["k8s-app": "kube-dns"],
            "ports": [
                ["name": "dns", "port": 53, "protocol": "UDP", "targetPort": 53],
                ["name": "dns-tcp", "port": 53, "protocol": "TCP", "targetPort": 53],
            ],
        ]
        return make(
            "v1",
            "Service",
            name: "kube-dns",
            namespace: "kube-system",
            labels: [.init("k8s-app", "kube-dns"), .init("kubernetes.io/cluster-service", "true")],
            fields: [.init("spec", spec)]
        )
    }
}
