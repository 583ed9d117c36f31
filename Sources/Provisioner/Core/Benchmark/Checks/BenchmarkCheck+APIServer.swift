/// Section 1.2: the API server's command line.
extension BenchmarkCheck {
    static let apiServer: [BenchmarkCheck] = access + admission + logging + credentials

    private static let access: [BenchmarkCheck] = [
        server("1.2.1", "no anonymous requests", .manual, ["anonymous-auth"], .equals("false")),
        server("1.2.2", "no static tokens", .automated, ["token-auth-file"], .isAbsent),
        server(
            "1.2.3",
            "no external addresses of services",
            .manual,
            ["enable-admission-plugins"],
            .lists("DenyServiceExternalIPs"),
            excuse: Excuse(reason: "Kubernetes has DenyServiceExternalIPs from 1.21 on", below: 21)
        ),
        server(
            "1.2.4",
            "a certificate for kubelets",
            .automated,
            ["kubelet-client-certificate", "kubelet-client-key"],
            .isSet
        ),
        server("1.2.5", "kubelets' certificates are checked", .automated, ["kubelet-certificate-authority"], .isSet),
        server("1.2.6", "not everything is allowed", .automated, ["authorization-mode"], .lacks("AlwaysAllow")),
        server("1.2.7", "nodes reach their own objects only", .automated, ["authorization-mode"], .lists("Node")),
        server("1.2.8", "rights by role", .automated, ["authorization-mode"], .lists("RBAC")),
    ]

    private static let admission: [BenchmarkCheck] = [
        server(
            "1.2.9",
            "a limit on the rate of events",
            .manual,
            ["enable-admission-plugins"],
            .lists("EventRateLimit"),
            excuse: Excuse(
                reason: "a choice: its limits are a file of yours; extraFlags: enable-admission-plugins, "
                    + "admission-control-config-file"
            )
        ),
        server(
            "1.2.10",
            "admission admits not everything",
            .automated,
            ["enable-admission-plugins"],
            .lacks("AlwaysAdmit", orAbsent: true)
        ),
        server(
            "1.2.11",
            "images are pulled for every pod",
            .manual,
            ["enable-admission-plugins"],
            .lists("AlwaysPullImages"),
            excuse: Excuse(reason: "a choice: features.alwaysPullImages")
        ),
        server(
            "1.2.12",
            "pods have service accounts",
            .automated,
            ["disable-admission-plugins"],
            .lacks("ServiceAccount", orAbsent: true)
        ),
        server(
            "1.2.13",
            "nothing new in namespaces that end",
            .automated,
            ["disable-admission-plugins"],
            .lacks("NamespaceLifecycle", orAbsent: true)
        ),
        server(
            "1.2.14",
            "kubelets change their own node only",
            .automated,
            ["enable-admission-plugins"],
            .lists("NodeRestriction")
        ),
    ]

    private static let logging: [BenchmarkCheck] = [
        server("1.2.15", "no profiling", .automated, ["profiling"], .equals("false")),
        server("1.2.16", "an audit log", .automated, ["audit-log-path"], .isSet),
        server("1.2.17", "audit log, days", .automated, ["audit-log-maxage"], .atLeast(30)),
        server("1.2.18", "audit log, files", .automated, ["audit-log-maxbackup"], .atLeast(10)),
        server("1.2.19", "audit log, megabytes of a file", .automated, ["audit-log-maxsize"], .atLeast(100)),
        server("1.2.20", "a time limit of requests", .manual, ["request-timeout"], .isSet),
    ]

    private static let credentials: [BenchmarkCheck] = [
        server(
            "1.2.21",
            "tokens of deleted accounts are refused",
            .automated,
            ["service-account-lookup"],
            .equals("true", orAbsent: true)
        ),
        server("1.2.22", "a key that checks tokens", .automated, ["service-account-key-file"], .isSet),
        server("1.2.23", "a certificate for etcd", .automated, ["etcd-certfile", "etcd-keyfile"], .isSet),
        server("1.2.24", "a certificate of its own", .automated, ["tls-cert-file", "tls-private-key-file"], .isSet),
        server("1.2.25", "clients' certificates are checked", .automated, ["client-ca-file"], .isSet),
        server("1.2.26", "etcd's certificates are checked", .automated, ["etcd-cafile"], .isSet),
        server("1.2.27", "encryption at rest", .manual, ["encryption-provider-config"], .isSet),
        encryptionProvider,
        server("1.2.29", "strong ciphers", .manual, ["tls-cipher-suites"], .strongCiphers),
        server(
            "1.2.30",
            "tokens end when they say so",
            .automated,
            ["service-account-extend-token-expiration"],
            .equals("false")
        ),
    ]

    private static let encryptionProvider = BenchmarkCheck(
        id: "1.2.28",
        title: "API server: a strong provider encrypts",
        kind: .manual,
        subject: .host({ host in
            guard let unit = host.unit("kube-apiserver.service") else { return nil }
            guard let path = unit.flag("encryption-provider-config") else { return .unmet("nothing encrypts") }
            guard host.files[path] != nil else { return .open("\(path): brought by the operator") }
            let providers = host.document(path)?["resources"]?.items.map { $0["providers"]?.items.first } ?? []
            let isStrong = providers.allSatisfy { provider in
                ["secretbox", "aescbc", "kms"].contains { provider?[$0] != nil }
            }
            return isStrong && !providers.isEmpty
                ? .met : .unmet("\(path): the first provider must be secretbox, aescbc or kms")
        })
    )

    private static func server(
        _ id: String,
        _ title: String,
        _ kind: Kind,
        _ names: [String],
        _ wanted: BenchmarkValue,
        excuse: Excuse? = nil
    ) -> BenchmarkCheck {
        flags(id, "API server: \(title)", kind, "kube-apiserver", names, wanted, excuse: excuse)
    }
}
