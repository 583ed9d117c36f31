/// Sections 4.2 and 4.3: the configuration of kubelets and kube-proxies.
extension BenchmarkCheck {
    static let node: [BenchmarkCheck] =
        kubelets + [
            settings(
                "4.3.1",
                "kube-proxy: metrics on the loopback only",
                .automated,
                "kube-proxy",
                [Setting("metricsBindAddress", "metrics-bind-address")],
                .begins(with: "127.0.0.1")
            )
        ]

    private static let kubelets: [BenchmarkCheck] = [
        kubelet(
            "4.2.1",
            "no anonymous requests",
            .automated,
            "authentication.anonymous.enabled",
            "anonymous-auth",
            .equals("false")
        ),
        kubelet(
            "4.2.2",
            "not everything is allowed",
            .automated,
            "authorization.mode",
            "authorization-mode",
            .equals("Webhook")
        ),
        kubelet(
            "4.2.3",
            "clients' certificates are checked",
            .automated,
            "authentication.x509.clientCAFile",
            "client-ca-file",
            .isSet
        ),
        kubelet("4.2.4", "no port without TLS", .manual, "readOnlyPort", "read-only-port", .equals("0")),
        kubelet(
            "4.2.5",
            "idle streams end",
            .manual,
            "streamingConnectionIdleTimeout",
            "streaming-connection-idle-timeout",
            .differs(from: "0", "0s")
        ),
        kubelet(
            "4.2.6",
            "chains that services need",
            .automated,
            "makeIPTablesUtilChains",
            "make-iptables-util-chains",
            .equals("true", orAbsent: true)
        ),
        flags("4.2.7", "kubelet: the host's own name", .manual, "kubelet", ["hostname-override"], .isAbsent),
        kubelet("4.2.8", "events are recorded", .manual, "eventRecordQPS", "event-qps", .atLeast(0)),
        settings(
            "4.2.9",
            "kubelet: a certificate of its own",
            .manual,
            "kubelet",
            [Setting("tlsCertFile", "tls-cert-file"), Setting("tlsPrivateKeyFile", "tls-private-key-file")],
            .isSet
        ),
        // Absent: the kubelet asks for none, `apply` renews them.
        kubelet(
            "4.2.10",
            "client certificates are renewed",
            .automated,
            "rotateCertificates",
            "rotate-certificates",
            .equals("true", orAbsent: true)
        ),
        kubelet(
            "4.2.11",
            "serving certificates may be renewed",
            .manual,
            "featureGates.RotateKubeletServerCertificate",
            "feature-gates",
            .opensGate("RotateKubeletServerCertificate")
        ),
        kubelet("4.2.12", "strong ciphers", .manual, "tlsCipherSuites", "tls-cipher-suites", .strongCiphers),
        kubelet("4.2.13", "a limit of processes in a pod", .manual, "podPidsLimit", "pod-max-pids", .atLeast(1)),
        kubelet(
            "4.2.14",
            "seccomp unless a pod says otherwise",
            .manual,
            "seccompDefault",
            "seccomp-default",
            .equals("true"),
            excuse: Excuse(reason: "its feature gate is open from Kubernetes 1.25 on", below: 25)
        ),
    ]

    private static func kubelet(
        _ id: String,
        _ title: String,
        _ kind: Kind,
        _ field: String,
        _ flag: String,
        _ wanted: BenchmarkValue,
        excuse: Excuse? = nil
    ) -> BenchmarkCheck {
        settings(id, "kubelet: \(title)", kind, "kubelet", [Setting(field, flag)], wanted, excuse: excuse)
    }
}
