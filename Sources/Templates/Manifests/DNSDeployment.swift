/// The Deployment around the pods of either DNS provider.
enum DNSDeployment {
    static let ports: OrderedValue = [
        ["name": "dns", "containerPort": 53, "protocol": "UDP"],
        ["name": "dns-tcp", "containerPort": 53, "protocol": "TCP"],
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
