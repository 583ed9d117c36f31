import Templates

/// One etcd member, with client and peer mTLS.
struct EtcdComponent: Component {
    func stages(for host: HostSpec, in context: ComponentContext) -> [Stage] {
        guard host.has(.etcd) else { return [] }
        let paths = context.rendering.paths
        let files = context.certificates.files(of: ["etcd-server", "etcd-peer", "etcd-healthcheck"], on: host)
        let authority = context.certificates.authority("etcd-ca", at: paths.etcdCA)
        let unit = FileResource(context.rendering.etcdUnit(host), reason: "etcd's command line and sandbox")
        let member = scripts(host, context)
        let binaries = context.binaries(["etcd", "etcdctl", "etcdutl"], reason: "etcd")
        let service = ServiceResource(
            unit: "etcd.service",
            reason: "the cluster's state",
            startedFrom: [unit, authority] + files + binaries.prefix(1),
            guardScript: member.others.isEmpty ? nil : "\(member.quorumGuard())\n\(member.handover)",
            startsWithoutWaiting: true
        )
        return [
            // Pairs come to all members at once: where they have ended, none accepts another one until all have new ones.
            Stage("etcd-files", resources: directories(context) + [authority] + files),
            Stage("etcd-binaries", resources: binaries),
            Stage(
                "etcd",
                opens: [.etcdQuorum],
                rolling: .etcd,
                resources: [
                    unit, bootstrap(host, member, context), service, health(), member.voter(), standing(host, context),
                ]
            ),
        ]
    }

    private func scripts(_ host: HostSpec, _ context: ComponentContext) -> EtcdMemberScripts {
        let others = context.spec.hosts(.etcd).filter { $0.name != host.name }.map(\.internalAddress.description)
        let own = host.internalAddress.description
        return EtcdMemberScripts(
            host: host.name,
            name: host.nodeName,
            address: own,
            dataDirectory: context.spec.etcd.dataDirectory,
            others: others + context.etcd.formerAddresses.filter { $0 != own && !others.contains($0) },
            joining: context.spec.hosts(.etcd).filter { $0.name != host.name && context.etcd.joining.contains($0.name) }
                .map(\.internalAddress.description)
        )
    }

    private func bootstrap(
        _ host: HostSpec,
        _ member: EtcdMemberScripts,
        _ context: ComponentContext
    ) -> EtcdBootstrapResource {
        let part: EtcdBootstrapResource.Part =
            context.etcd.refusal.map { .refuse($0) } ?? (context.etcd.joining.contains(host.name) ? .join : .found)
        return EtcdBootstrapResource(
            part,
            member: member,
            standing: context.rendering.etcdBootstrap(host, .existing),
            founding: context.rendering.etcdBootstrap(host, .new)
        )
    }

    /// Written once the member stands: should its data be lost, it never founds a second cluster.
    private func standing(_ host: HostSpec, _ context: ComponentContext) -> FileResource {
        FileResource(
            context.rendering.etcdBootstrap(host, .existing),
            reason: "a member that lost its data founds nothing"
        )
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
}
