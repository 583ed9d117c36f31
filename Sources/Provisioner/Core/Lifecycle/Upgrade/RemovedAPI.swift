package import Templates

/// One resource of one API version that a minor release no longer serves.
///
/// Source: the Kubernetes deprecation guide, by release.
package struct RemovedAPI: Sendable, Hashable {
    /// The first minor release without it.
    package var minor: Int
    package var group: String
    package var version: String
    package var resource: String
    /// What to use in its place; `nil` where the resource is gone altogether.
    package var replacement: String?
    /// Whether Kubernetes' own components of the last release before ask for it, so that its use says nothing of others.
    package var isAskedByComponents: Bool

    /// `policy/v1beta1/podsecuritypolicies`.
    package var name: String { "\(group)/\(version)/\(resource)" }

    /// What goes on the way from one release to another.
    package static func between(_ old: KubernetesVersion, _ new: KubernetesVersion) -> [RemovedAPI] {
        all.filter { $0.minor > old.minor && $0.minor <= new.minor }
    }

    package static let all: [RemovedAPI] =
        rows(
            22,
            [
                (
                    "admissionregistration.k8s.io/v1beta1",
                    ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"]
                ),
                ("apiextensions.k8s.io/v1beta1", ["customresourcedefinitions"]),
                ("apiregistration.k8s.io/v1beta1", ["apiservices"]),
                ("authentication.k8s.io/v1beta1", ["tokenreviews"]),
                (
                    "authorization.k8s.io/v1beta1",
                    [
                        "localsubjectaccessreviews", "selfsubjectaccessreviews", "selfsubjectrulesreviews",
                        "subjectaccessreviews",
                    ]
                ),
                ("certificates.k8s.io/v1beta1", ["certificatesigningrequests"]),
                ("coordination.k8s.io/v1beta1", ["leases"]),
                ("networking.k8s.io/v1beta1", ["ingresses", "ingressclasses"]),
                (
                    "rbac.authorization.k8s.io/v1beta1",
                    ["clusterrolebindings", "clusterroles", "rolebindings", "roles"]
                ),
                ("scheduling.k8s.io/v1beta1", ["priorityclasses"]),
                ("storage.k8s.io/v1beta1", ["csidrivers", "csinodes", "storageclasses", "volumeattachments"]),
            ]
        ) + [RemovedAPI(22, "extensions/v1beta1", "ingresses", "networking.k8s.io/v1", own: true)]
        + rows(
            25,
            [
                ("autoscaling/v2beta1", ["horizontalpodautoscalers"]), ("node.k8s.io/v1beta1", ["runtimeclasses"]),
                ("events.k8s.io/v1beta1", ["events"]),
            ]
        ) + [
            RemovedAPI(25, "batch/v1beta1", "cronjobs", "batch/v1", own: true),
            RemovedAPI(25, "discovery.k8s.io/v1beta1", "endpointslices", "discovery.k8s.io/v1", own: true),
            RemovedAPI(25, "policy/v1beta1", "poddisruptionbudgets", "policy/v1", own: true),
            RemovedAPI(25, "policy/v1beta1", "podsecuritypolicies", nil, own: true),
        ] + [RemovedAPI(26, "autoscaling/v2beta2", "horizontalpodautoscalers", "autoscaling/v2", own: false)]
        + [(26, "v1beta1", "v1beta2"), (29, "v1beta2", "v1"), (32, "v1beta3", "v1")].flatMap { minor, old, new in
            ["flowschemas", "prioritylevelconfigurations"].map {
                RemovedAPI(
                    minor,
                    "flowcontrol.apiserver.k8s.io/\(old)",
                    $0,
                    "flowcontrol.apiserver.k8s.io/\(new)",
                    own: true
                )
            }
        } + [RemovedAPI(27, "storage.k8s.io/v1beta1", "csistoragecapacities", "storage.k8s.io/v1", own: true)]

    private init(_ minor: Int, _ groupVersion: String, _ resource: String, _ replacement: String?, own: Bool) {
        let parts = groupVersion.split(separator: "/").map(String.init)
        self.minor = minor
        group = parts.first ?? ""
        version = parts.last ?? ""
        self.resource = resource
        self.replacement = replacement
        isAskedByComponents = own
    }

    /// Rows that `v1` of the same group takes over, or `v2` where the name says so.
    private static func rows(_ minor: Int, _ groups: [(String, [String])]) -> [RemovedAPI] {
        groups.flatMap { groupVersion, resources in
            resources.map { resource in
                let group = groupVersion.prefix { $0 != "/" }
                let next = groupVersion.contains("/v2") ? "v2" : "v1"
                return RemovedAPI(minor, groupVersion, resource, "\(group)/\(next)", own: false)
            }
        }
    }
}
