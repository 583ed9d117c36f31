/// Sections 1.3 and 1.4: the command lines of controller manager and scheduler.
extension BenchmarkCheck {
    static let controlLoops: [BenchmarkCheck] = [
        loop(manager, "1.3.1", "ended pods are collected", .manual, "terminated-pod-gc-threshold", .atLeast(1)),
        loop(manager, "1.3.2", "no profiling", .automated, "profiling", .equals("false")),
        loop(
            manager,
            "1.3.3",
            "an account for each controller",
            .automated,
            "use-service-account-credentials",
            .equals("true")
        ),
        loop(manager, "1.3.4", "a key that signs tokens", .automated, "service-account-private-key-file", .isSet),
        loop(manager, "1.3.5", "pods can check the API server", .automated, "root-ca-file", .isSet),
        loop(
            manager,
            "1.3.6",
            "kubelets may renew their serving certificates",
            .automated,
            "feature-gates",
            .opensGate("RotateKubeletServerCertificate")
        ),
        loop(manager, "1.3.7", "listens on the loopback only", .automated, "bind-address", .equals("127.0.0.1")),
        loop(scheduler, "1.4.1", "no profiling", .automated, "profiling", .equals("false")),
        // The benchmark takes an absent flag for well, and the scheduler then listens everywhere.
        loop(scheduler, "1.4.2", "listens on the loopback only", .automated, "bind-address", .equals("127.0.0.1")),
    ]

    private static let manager = "kube-controller-manager"
    private static let scheduler = "kube-scheduler"

    private static func loop(
        _ name: String,
        _ id: String,
        _ title: String,
        _ kind: Kind,
        _ flag: String,
        _ wanted: BenchmarkValue
    ) -> BenchmarkCheck {
        let words = name.dropFirst("kube-".count).replacing("-", with: " ")
        return flags(id, "\(words): \(title)", kind, name, [flag], wanted)
    }
}
