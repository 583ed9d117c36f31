/// Sections 1.3 and 1.4: the command lines of controller manager and scheduler.
extension BenchmarkCheck {
    static let controlLoops: [BenchmarkCheck] = [
        manager("1.3.1", "ended pods are collected", .manual, "terminated-pod-gc-threshold", .atLeast(1)),
        manager("1.3.2", "no profiling", .automated, "profiling", .equals("false")),
        manager(
            "1.3.3",
            "an account for each controller",
            .automated,
            "use-service-account-credentials",
            .equals("true")
        ),
        manager("1.3.4", "a key that signs tokens", .automated, "service-account-private-key-file", .isSet),
        manager("1.3.5", "pods can check the API server", .automated, "root-ca-file", .isSet),
        manager(
            "1.3.6",
            "kubelets may renew their serving certificates",
            .automated,
            "feature-gates",
            .opensGate("RotateKubeletServerCertificate")
        ),
        manager("1.3.7", "listens on the loopback only", .automated, "bind-address", .equals("127.0.0.1")),
        scheduler("1.4.1", "no profiling", .automated, "profiling", .equals("false")),
        // The benchmark takes an absent flag for well, and the scheduler then listens everywhere.
        scheduler("1.4.2", "listens on the loopback only", .automated, "bind-address", .equals("127.0.0.1")),
    ]

    private static func manager(
        _ id: String,
        _ title: String,
        _ kind: Kind,
        _ name: String,
        _ wanted: BenchmarkValue
    ) -> BenchmarkCheck {
        flags(id, "controller manager: \(title)", kind, "kube-controller-manager", [name], wanted)
    }

    private static func scheduler(
        _ id: String,
        _ title: String,
        _ kind: Kind,
        _ name: String,
        _ wanted: BenchmarkValue
    ) -> BenchmarkCheck {
        flags(id, "scheduler: \(title)", kind, "kube-scheduler", [name], wanted)
    }
}
