/// Cluster DNS by dnsmasq, for networks without CoreDNS: one pod of a server and a feeder that share a hosts directory.
package struct DNSMasqManifest: Sendable {
    /// Holds dnsmasq, kubectl and a POSIX shell.
    package var image: String
    package var imagePullPolicy = "Never"
    package var replicas: Int64
    package var clusterDNS: IPv4Address
    package var clusterDomain: String
    /// Resolvers for outside names; empty: such names are refused.
    package var upstreams: [String]
    package var paths: HostPaths

    package init(
        image: String,
        replicas: Int64 = 2,
        clusterDNS: IPv4Address,
        clusterDomain: String,
        upstreams: [String] = [],
        paths: HostPaths = .standard
    ) {
        self.image = image
        self.replicas = replicas
        self.clusterDNS = clusterDNS
        self.clusterDomain = clusterDomain
        self.upstreams = upstreams
        self.paths = paths
    }

    package var manifest: ClusterManifest {
        ClusterManifest(
            name: "dnsmasq.yaml",
            objects: access + [deployment, KubernetesObject.dnsService(address: clusterDNS)],
            paths: paths
        )
    }

    private var access: [OrderedValue] {
        [
            KubernetesObject.make("v1", "ServiceAccount", name: "dnsmasq", namespace: "kube-system"),
            KubernetesObject.clusterRole(
                "provision:dnsmasq",
                rules: [
                    ["apiGroups": [""], "resources": ["services", "endpoints"], "verbs": ["get", "list", "watch"]]
                ]
            ),
            KubernetesObject.clusterRoleBinding(
                "provision:dnsmasq",
                role: "provision:dnsmasq",
                subjects: [KubernetesObject.serviceAccountSubject("dnsmasq", namespace: "kube-system")]
            ),
        ]
    }

    private var deployment: OrderedValue {
        let spec: OrderedValue = [
            "serviceAccountName": "dnsmasq",
            "priorityClassName": "system-cluster-critical",
            "dnsPolicy": "Default",
            "nodeSelector": ["kubernetes.io/os": "linux"],
            "terminationGracePeriodSeconds": 5,
            "topologySpreadConstraints": DNSDeployment.spread,
            "containers": [server, feeder],
            "volumes": [
                ["name": "hosts", "emptyDir": [:]]
            ],
        ]
        return DNSDeployment.make(name: "dnsmasq", replicas: replicas, podSpec: spec)
    }

    /// Flags of the server: its own zone from the hosts directory, nothing from the node's resolver.
    package var serverArguments: [String] {
        [
            "--no-daemon", "--no-hosts", "--no-resolv", "--conf-file=/dev/null", "--port=53",
            "--local=/\(clusterDomain)/", "--hostsdir=/hosts", "--local-ttl=5", "--domain-needed", "--bogus-priv",
        ] + upstreams.map { "--server=\($0)" }
    }

    private var server: OrderedValue {
        [
            "name": "dnsmasq",
            "image": .string(image),
            "imagePullPolicy": .string(imagePullPolicy),
            "command": .strings(["dnsmasq"] + serverArguments),
            "ports": DNSDeployment.ports,
            // The feeder's first file says that the server can answer.
            "readinessProbe": [
                "exec": ["command": ["test", "-s", "/hosts/cluster"]], "periodSeconds": 2,
            ],
            "livenessProbe": ["tcpSocket": ["port": 53], "initialDelaySeconds": 10],
            "securityContext": [
                "allowPrivilegeEscalation": false,
                "capabilities": ["add": ["NET_BIND_SERVICE"], "drop": ["ALL"]],
            ],
            "volumeMounts": [["name": "hosts", "mountPath": "/hosts", "readOnly": true]],
        ]
    }

    private var feeder: OrderedValue {
        [
            "name": "feeder",
            "image": .string(image),
            "imagePullPolicy": .string(imagePullPolicy),
            // As a part of the pod: another script means other pods.
            "command": ["/bin/sh", "-c", .string(DNSMasqFeeder.script)],
            "env": [["name": "CLUSTER_DOMAIN", "value": .string(clusterDomain)], ["name": "HOME", "value": "/tmp"]],
            "securityContext": ["allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]]],
            "volumeMounts": [
                ["name": "hosts", "mountPath": "/hosts"]
            ],
        ]
    }

    package func rendered() -> RenderedFile { manifest.rendered() }
}
