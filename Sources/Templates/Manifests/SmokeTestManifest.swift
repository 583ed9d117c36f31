/// What the smoke test puts into the cluster: two web servers on two nodes behind a NodePort.
package struct SmokeTestManifest: Sendable {
    package var image: String
    /// `Never` where images are preloaded.
    package var imagePullPolicy: String
    package var namespace = "provision-smoke-test"
    package var name = "nginx"
    package var replicas: Int64 = 2
    package var containerPort: Int64 = 80
    /// `nil`: the API server chooses one.
    package var nodePort: Int64?
    package var paths: HostPaths

    package init(image: String, imagePullPolicy: String, nodePort: Int64? = nil, paths: HostPaths = .standard) {
        self.image = image
        self.imagePullPolicy = imagePullPolicy
        self.nodePort = nodePort
        self.paths = paths
    }

    package var manifest: ClusterManifest {
        ClusterManifest(
            name: "smoke-test.yaml",
            objects: [KubernetesObject.make("v1", "Namespace", name: namespace), deployment, service],
            paths: paths
        )
    }

    private var selector: OrderedValue { ["app": .string(name)] }

    private var deployment: OrderedValue {
        let container: OrderedValue = [
            "name": .string(name),
            "image": .string(image),
            "imagePullPolicy": .string(imagePullPolicy),
            "ports": [["containerPort": .integer(containerPort)]],
            "readinessProbe": ["httpGet": ["path": "/", "port": .integer(containerPort)], "periodSeconds": 2],
        ]
        let spread: OrderedValue = [
            "podAntiAffinity": [
                "requiredDuringSchedulingIgnoredDuringExecution": [
                    ["labelSelector": ["matchLabels": selector], "topologyKey": "kubernetes.io/hostname"]
                ]
            ]
        ]
        let spec: OrderedValue = [
            "replicas": .integer(replicas),
            "selector": ["matchLabels": selector],
            "template": [
                "metadata": ["labels": selector],
                "spec": ["terminationGracePeriodSeconds": 2, "affinity": spread, "containers": [container]],
            ],
        ]
        return KubernetesObject.make(
            "apps/v1",
            "Deployment",
            name: name,
            namespace: namespace,
            fields: [.init("spec", spec)]
        )
    }

    private var service: OrderedValue {
        var port: OrderedValue = ["port": 80, "targetPort": .integer(containerPort), "protocol": "TCP"]
        if let nodePort { port["nodePort"] = .integer(nodePort) }
        let spec: OrderedValue = ["type": "NodePort", "selector": selector, "ports": [port]]
        return KubernetesObject.make("v1", "Service", name: name, namespace: namespace, fields: [.init("spec", spec)])
    }

    package func rendered() -> RenderedFile { manifest.rendered() }
}
