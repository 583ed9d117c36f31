/// Cluster DNS by CoreDNS.
package struct CoreDNSManifest: Sendable {
    package var version: KubernetesVersion
    package var image: String
    package var imagePullPolicy = "IfNotPresent"
    package var replicas: Int64
    package var clusterDNS: IPv4Address
    package var clusterDomain: String
    /// Resolvers for outside names; empty: such names are refused.
    package var upstreams: [String]
    package var paths: HostPaths

    package init(
        version: KubernetesVersion,
        image: String,
        replicas: Int64 = 2,
        clusterDNS: IPv4Address,
        clusterDomain: String,
        upstreams: [String] = [],
        paths: HostPaths = .standard
    ) {
        self.version = version
        self.image = image
        self.replicas = replicas
        self.clusterDNS = clusterDNS
        self.clusterDomain = clusterDomain
        self.upstreams = upstreams
        self.paths = paths
    }

    /// With upstreams one block for every name; without, blocks for the cluster's zones only: CoreDNS refuses others.
    package var corefile: String {
        let zones = upstreams.isEmpty ? "\(clusterDomain):53 in-addr.arpa:53 ip6.arpa:53" : ".:53"
        let forward = upstreams.isEmpty ? "" : "    forward . \(upstreams.joined(separator: " "))\n    loop\n"
        return """
            \(zones) {
                errors
                health :8080 {
                    lameduck 5s
                }
                ready :8181
                kubernetes \(clusterDomain) in-addr.arpa ip6.arpa {
                    pods insecure
                    ttl 30
                }
                prometheus :9153
            \(forward)    cache 30
                reload
                loadbalance
            }

            """
    }

    package var manifest: ClusterManifest {
        var objects = access + [configMap, deployment, KubernetesObject.dnsService(address: clusterDNS)]
        if replicas > 1 { objects.append(disruptionBudget) }
        return ClusterManifest(name: "coredns.yaml", objects: objects, paths: paths)
    }

    private var access: [OrderedValue] {
        [
            KubernetesObject.make("v1", "ServiceAccount", name: "coredns", namespace: "kube-system"),
            KubernetesObject.clusterRole(
                "provision:coredns",
                rules: [
                    [
                        "apiGroups": [""],
                        "resources": ["endpoints", "services", "pods", "namespaces"],
                        "verbs": ["list", "watch"],
                    ],
                    [
                        "apiGroups": ["discovery.k8s.io"],
                        "resources": ["endpointslices"],
                        "verbs": ["list", "watch"],
                    ],
                ]
            ),
            KubernetesObject.clusterRoleBinding(
                "provision:coredns",
                role: "provision:coredns",
                subjects: [KubernetesObject.serviceAccountSubject("coredns", namespace: "kube-system")]
            ),
        ]
    }

    private var configMap: OrderedValue {
        KubernetesObject.make(
            "v1",
            "ConfigMap",
            name: "coredns",
            namespace: "kube-system",
            fields: [.init("data", ["Corefile": .string(corefile)])]
        )
    }

    /// The v1 API exists from 1.21 on, v1beta1 until 1.24.
    private var disruptionBudget: OrderedValue {
        KubernetesObject.make(
            version.minor >= 21 ? "policy/v1" : "policy/v1beta1",
            "PodDisruptionBudget",
            name: "coredns",
            namespace: "kube-system",
            fields: [
                .init("spec", ["maxUnavailable": 1, "selector": ["matchLabels": ["k8s-app": "kube-dns"]]])
            ]
        )
    }

    private var deployment: OrderedValue {
        let spec: OrderedValue = [
            "serviceAccountName": "coredns",
            "priorityClassName": "system-cluster-critical",
            // The node's resolver: a pod that serves DNS cannot ask itself.
            "dnsPolicy": "Default",
            "nodeSelector": ["kubernetes.io/os": "linux"],
            "topologySpreadConstraints": DNSDeployment.spread,
            "containers": [container],
            "volumes": [
                [
                    "name": "config",
                    "configMap": ["name": "coredns", "items": [["key": "Corefile", "path": "Corefile"]]],
                ]
            ],
        ]
        return DNSDeployment.make(name: "coredns", replicas: replicas, podSpec: spec)
    }

    private var container: OrderedValue {
        [
            "name": "coredns",
            "image": .string(image),
            "imagePullPolicy": .string(imagePullPolicy),
            "args": ["-conf", "/etc/coredns/Corefile"],
            "resources": ["requests": ["cpu": "100m", "memory": "70Mi"], "limits": ["memory": "170Mi"]],
            "volumeMounts": [["name": "config", "mountPath": "/etc/coredns", "readOnly": true]],
            "ports": DNSDeployment.ports,
            "livenessProbe": [
                "httpGet": ["path": "/health", "port": 8080],
                "initialDelaySeconds": 60, "timeoutSeconds": 5, "failureThreshold": 5,
            ],
            "readinessProbe": ["httpGet": ["path": "/ready", "port": 8181]],
            "securityContext": [
                "allowPrivilegeEscalation": false,
                "capabilities": ["add": ["NET_BIND_SERVICE"], "drop": ["ALL"]],
                "readOnlyRootFilesystem": true,
            ],
        ]
    }

    package func rendered() -> RenderedFile { manifest.rendered() }
}
