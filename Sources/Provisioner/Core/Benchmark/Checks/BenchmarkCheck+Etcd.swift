import Templates

/// Section 2: etcd's command line.
extension BenchmarkCheck {
    static let etcd: [BenchmarkCheck] = [
        member("2.1", "a certificate of its own", .automated, ["cert-file", "key-file"], .isSet),
        member("2.2", "clients must show a certificate", .automated, ["client-cert-auth"], .equals("true")),
        member("2.3", "no certificate of its own making", .automated, ["auto-tls"], .equals("false", orAbsent: true)),
        member("2.4", "a certificate for its peers", .automated, ["peer-cert-file", "peer-key-file"], .isSet),
        member("2.5", "peers must show a certificate", .automated, ["peer-client-cert-auth"], .equals("true")),
        member(
            "2.6",
            "no peer certificate of its own making",
            .automated,
            ["peer-auto-tls"],
            .equals("false", orAbsent: true)
        ),
        member(
            "2.7",
            "an authority of its own",
            .manual,
            ["trusted-ca-file", "peer-trusted-ca-file"],
            .differs(from: HostPaths.standard.clusterCA)
        ),
    ]

    private static func member(
        _ id: String,
        _ title: String,
        _ kind: Kind,
        _ names: [String],
        _ wanted: BenchmarkValue
    ) -> BenchmarkCheck {
        flags(id, "etcd: \(title)", kind, "etcd", names, wanted)
    }
}
