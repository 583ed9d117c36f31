/// What the API server writes to its audit log, `audit.k8s.io/v1`.
package struct AuditPolicy: Sendable {
    package enum Profile: String, Sendable, Hashable {
        /// Metadata of every change.
        case minimal
        /// CIS 3.2.2: metadata of secrets, config maps and token reviews, requests of changes, exec and its kin in full.
        case hardened
    }

    package var version: KubernetesVersion
    package var profile: Profile
    package var paths: HostPaths

    package init(version: KubernetesVersion, profile: Profile, paths: HostPaths = .standard) {
        self.version = version
        self.profile = profile
        self.paths = paths
    }

    package var value: OrderedValue {
        var value: OrderedValue = ["apiVersion": "audit.k8s.io/v1", "kind": "Policy"]
        value["omitStages"] = ["RequestReceived"]
        // The field exists from 1.23 on.
        if version.minor >= 23 { value["omitManagedFields"] = true }
        value["rules"] = .array(quietRules + (profile == .minimal ? minimalRules : hardenedRules))
        return value
    }

    /// Traffic of the cluster's own machinery that says nothing about anyone's intent.
    private var quietRules: [OrderedValue] {
        [
            ["level": "None", "nonResourceURLs": ["/healthz*", "/livez*", "/readyz*", "/version", "/openapi*"]],
            [
                "level": "None",
                "users": ["system:kube-controller-manager", "system:kube-scheduler", "system:apiserver"],
                "resources": [["group": "coordination.k8s.io", "resources": ["leases"]]],
            ],
            [
                "level": "None",
                "userGroups": ["system:nodes"],
                "resources": [
                    ["group": "coordination.k8s.io", "resources": ["leases"]],
                    ["group": "", "resources": ["nodes/status", "pods/status"]],
                ],
            ],
            ["level": "None", "resources": [["group": "", "resources": ["events"]]]],
        ]
    }

    private var minimalRules: [OrderedValue] {
        [
            ["level": "None", "verbs": ["get", "list", "watch"]],
            ["level": "Metadata"],
        ]
    }

    private var hardenedRules: [OrderedValue] {
        [
            [
                "level": "Metadata",
                "resources": [
                    ["group": "", "resources": ["secrets", "configmaps", "serviceaccounts/token"]],
                    ["group": "authentication.k8s.io", "resources": ["tokenreviews"]],
                ],
            ],
            [
                "level": "RequestResponse",
                "resources": [
                    [
                        "group": "",
                        "resources": ["pods/exec", "pods/attach", "pods/portforward", "pods/proxy", "services/proxy"],
                    ]
                ],
            ],
            ["level": "Request", "verbs": ["create", "update", "patch", "delete", "deletecollection"]],
            ["level": "Metadata"],
        ]
    }

    package func rendered() -> RenderedFile {
        RenderedFile(path: paths.auditPolicy, text: YAMLText.encode(value), mode: 0o600, secrecy: .open)
    }
}
