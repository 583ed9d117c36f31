import Templates

/// One etcd member, with client and peer mTLS.
struct EtcdComponent: Component {
    func stages(for host: HostSpec, in context: ComponentContext) -> [Stage] {
        guard host.has(.etcd) else { return [] }
        let paths = context.rendering.paths
        let files = context.certificates.files(of: ["etcd-server", "etcd-peer", "etcd-healthcheck"], on: host)
        let authority = context.certificates.authority("etcd-ca", at: paths.etcdCA)
        let unit = FileResource(context.rendering.etcdUnit(host), reason: "etcd's command line and sandbox")
        let binaries = context.binaries(["etcd", "etcdctl", "etcdutl"], reason: "etcd")
        let service = ServiceResource(
            unit: "etcd.service",
            reason: "the cluster's state",
            startedFrom: [unit, authority] + files + binaries.prefix(1),
            guardScript: quorumGuard(host, context),
            startsWithoutWaiting: true
        )
        return [
            Stage("etcd-files", resources: directories(context) + [authority] + files),
            Stage("etcd-binaries", resources: binaries),
            Stage("etcd", opens: [.etcdQuorum], rolling: .etcd, resources: [unit, service, health()]),
        ]
    }

    private func directories(_ context: ComponentContext) -> [any Resource] {
        let paths = context.rendering.paths
        return [
            HostPreparation.user("etcd", reason: "etcd runs without root; CIS 1.1.12"),
            DirectoryResource(
                context.spec.etcd.dataDirectory,
                mode: 0o700,
                owner: "etcd:etcd",
                reason: "etcd's data; CIS 1.1.11"
            ),
            DirectoryResource("/etc/kubernetes", reason: "kubeconfigs and configuration"),
            DirectoryResource(paths.pkiDirectory, reason: "certificates; the place that kube-bench audits"),
            DirectoryResource(paths.etcdPKIDirectory, reason: "etcd's own certificates"),
        ]
    }

    private func health() -> CommandResource {
        Health.check(
            "etcd",
            title: "etcd answers and sees a leader",
            reason: "the API server needs a quorum",
            unit: "etcd.service",
            command: "curl -fsS -m 3 http://127.0.0.1:2381/health | grep '\"health\":\"true\"'",
            seconds: 120
        )
    }

    /// A member may stop only while the others are a majority without it.
    private func quorumGuard(_ host: HostSpec, _ context: ComponentContext) -> String? {
        let others = context.spec.hosts(.etcd).filter { $0.name != host.name }
        guard !others.isEmpty else { return nil }
        let majority = (others.count + 1) / 2 + 1
        let key = context.rendering.paths.etcdHealthcheckClient
        let certificates = "--cacert \(context.rendering.paths.etcdCA) --cert \(key.certificate) --key \(key.key)"
        let addresses = others.map(\.internalAddress.description).joined(separator: " ")
        return """
            up=0
            for a in \(addresses); do
            if curl -fsS -m 3 \(certificates) https://$a:2379/health | grep -q '"health":"true"'; then up=$((up + 1)); else echo "$a is not healthy"; fi
            done
            if [ $up -lt \(majority) ] && curl -fsS -m 3 http://127.0.0.1:2381/health | grep -q '"health":"true"'; then
            echo "only $up other members are healthy, \(majority) are needed while this one restarts"; exit 8; fi
            """
    }
}
