/// `etcd.service` of one member: client and peer mTLS, metrics and health on the loopback only.
package struct EtcdUnit: ComponentUnit {
    /// Unique among the members; by rule the node name.
    package var name: String
    package var address: IPv4Address
    package var clusterToken: String
    package var dataDirectory: String
    package var quotaBackendBytes = 2_147_483_648
    package var heartbeatMilliseconds = 100
    package var electionMilliseconds = 1000
    package var extraFlags: [String: String] = [:]
    package var paths: HostPaths

    package init(
        name: String,
        address: IPv4Address,
        clusterToken: String,
        paths: HostPaths = .standard
    ) {
        self.name = name
        self.address = address
        self.clusterToken = clusterToken
        self.paths = paths
        dataDirectory = paths.etcdDataDirectory
    }

    package var flags: FlagSet {
        FlagSet(
            .etcd,
            [
                "name": name,
                "data-dir": dataDirectory,
                "listen-client-urls": "https://\(address):2379,https://127.0.0.1:2379",
                "advertise-client-urls": "https://\(address):2379",
                "listen-peer-urls": "https://\(address):2380",
                "initial-advertise-peer-urls": "https://\(address):2380",
                "listen-metrics-urls": "http://127.0.0.1:2381",
                "initial-cluster-token": clusterToken,
                "client-cert-auth": "true",
                "trusted-ca-file": paths.etcdCA,
                "cert-file": paths.etcdServer.certificate,
                "key-file": paths.etcdServer.key,
                "peer-client-cert-auth": "true",
                "peer-trusted-ca-file": paths.etcdCA,
                "peer-cert-file": paths.etcdPeer.certificate,
                "peer-key-file": paths.etcdPeer.key,
                "cipher-suites": TLSPolicy.cipherSuites.joined(separator: ","),
                "heartbeat-interval": String(heartbeatMilliseconds),
                "election-timeout": String(electionMilliseconds),
                "quota-backend-bytes": String(quotaBackendBytes),
                "auto-compaction-mode": "periodic",
                "auto-compaction-retention": "8h",
                "strict-reconfig-check": "true",
                "logger": "zap",
                "log-outputs": "stderr",
            ]
        ).merging(extraFlags)
    }

    package var unit: SystemdUnit {
        SystemdUnit(
            name: "etcd.service",
            description: "etcd",
            documentation: "https://etcd.io/docs/",
            service: [
                // Ready only with a quorum: a member of a new cluster waits here for the others, however long it takes.
                .init("Type", "notify"),
                .init("TimeoutStartSec", "infinity"),
                .init("User", "etcd"),
                .init("Group", "etcd"),
                .init("UMask", "0077"),
                // Who else is a member counts only while there is no data: a change of members restarts nobody.
                .init("EnvironmentFile", paths.etcdBootstrap),
                .init("ExecStart", SystemdQuoting.commandLine(paths.binary("etcd"), flags.arguments)),
                .init("LimitNOFILE", "65536"),
                .init("OOMPolicy", "continue"),
            ] + ServiceSettings.restarting() + ServiceSettings.sandbox(writable: [dataDirectory])
        )
    }
}
