/// Sections 3 and 5: how people are known, what is written down, and what the objects in the cluster allow.
extension BenchmarkCheck {
    static let users: [BenchmarkCheck] = [
        people(
            "3.1.1",
            "people do not use client certificates",
            "nothing revokes one: kubeconfig --user makes them short-lived; OIDC is a matter of extraFlags"
        ),
        people("3.1.2", "people do not use tokens of service accounts", "nothing here makes such a token for people"),
        people("3.1.3", "people do not use bootstrap tokens", "none exist here: nodes join with certificates"),
        flags("3.2.1", "an audit policy", .manual, "kube-apiserver", ["audit-policy-file"], .isSet),
        auditContent,
    ]

    /// What the benchmark wants to see written down.
    private static let audited: Set = [
        "secrets", "configmaps", "tokenreviews", "pods/exec", "pods/portforward", "pods/proxy", "services/proxy",
    ]

    private static let auditContent = BenchmarkCheck(
        id: "3.2.2",
        title: "the audit policy covers Secrets, exec and the like",
        kind: .manual,
        excuse: Excuse(reason: "a choice: features.audit: hardened"),
        subject: .host({ host in
            guard let unit = host.unit("kube-apiserver.service") else { return nil }
            guard let path = unit.flag("audit-policy-file") else { return .unmet("there is no audit policy") }
            guard host.files[path] != nil else { return .open("\(path): brought by the operator") }
            let named = Set(host.document(path)?.scalars.map { $0.value } ?? [])
            let missing = audited.subtracting(named).sorted()
            return missing.isEmpty ? .met : .unmet("\(path) does not name \(missing.joined(separator: ", "))")
        })
    )

    static let policies: [BenchmarkCheck] = [
        people(
            "5.1",
            "rights by role, and accounts",
            "yours; bound here are administrators, the API server at kubelets, haproxy's checks and DNS"
        ),
        people("5.2", "Pod Security", "yours: label namespaces pod-security.kubernetes.io/enforce"),
        people("5.3", "network policies", "not met with the CNI bridge, which has no NetworkPolicy"),
        people("5.4", "Secrets", "yours: as files, or outside the cluster"),
        people("5.5", "where images come from", "yours: ImagePolicyWebhook is a matter of extraFlags"),
        people("5.6", "namespaces and security contexts", "yours"),
    ]
}
