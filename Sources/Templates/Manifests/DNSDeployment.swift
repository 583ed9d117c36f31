/// The Deployment around the pods of either DNS provider.
enum DNSDeployment {
    static let ports: OrderedValue = [
        ["name": "dns", "containerPort": 53, "protocol": "UDP"],
        ["name": "dns-tcp", "containerPort": 53, "protocol": "TCP"],
    ]

    /// On different nodes where there are enough: one node's end must not take the names with it.
    static let spread: OrderedValue = [
        [
            "maxSkew": 1,
            "topologyKey": "kubernetes.io/hostname",
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": ["matchLabels": ["k8s-app": "kube-dns"]],
        ]
    ]

    static func make(name: String, replicas: Int64, podSpec: OrderedValue) -> OrderedValue {
        let spec: OrderedValue = [
            "replicas": .integer(replicas),
            "strategy": ["type": "RollingUpdate", "rollingUpdate": ["maxUnavailable": 1]],
            "selector": ["matchLabels": ["k8s-app": "kube-dns"]],
            "template": ["metadata": ["labels": ["k8s-app": "kube-dns"]], "spec": podSpec],
        ]
        return KubernetesObject.make(
            "apps/v1",
            "Deployment",
            name: name,
            namespace: "kube-system",
            labels: [.init("k8s-app", "kube-dns")],
            fields: [.init("spec", spec)]
        )
    }
}
