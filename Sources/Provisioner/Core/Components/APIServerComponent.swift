import Templates

/// One kube-apiserver.
struct APIServerComponent: Component {
    func stages(for host: HostSpec, in context: ComponentContext) -> [Stage] {
        guard host.has(.controller) else { return [] }
        let rendering = context.rendering
        let paths = rendering.paths
        let certificates = context.certificates
        let leaves = ["apiserver", "apiserver-kubelet-client", "apiserver-etcd-client", "front-proxy-client"]
        var read: [any Resource] = [
            certificates.authority("kubernetes-ca", at: paths.clusterCA),
            certificates.authority("etcd-ca", at: paths.etcdCA),
            certificates.authority("front-proxy-ca", at: paths.frontProxyCA),
        ]
        read += certificates.serviceAccount()
        // Read while it runs, so they come in its turn.
        let pairs = certificates.files(of: leaves, on: host)
        read += rendering.apiServerFiles().map { FileResource($0, reason: "read by kube-apiserver at its start") }
        let unit = FileResource(rendering.apiServerUnit(host), reason: "kube-apiserver's command line and sandbox")
        let binaries = context.binaries(["kube-apiserver", "kubectl"], reason: "the API")
        let service = ServiceResource(
            unit: "kube-apiserver.service",
            reason: "the API",
            startedFrom: read + pairs + [unit] + binaries.prefix(1),
            startsWithoutWaiting: true
        )
        let audit = DirectoryResource(paths.auditDirectory, mode: 0o700, reason: "the audit log")
        return [
            Stage(
                "apiserver-files",
                resources: [DirectoryResource(paths.etcdPKIDirectory, reason: "etcd's authority"), audit] + read
            ),
            Stage("apiserver-binaries", resources: binaries),
            Stage(
                "apiserver",
                needs: [.etcdQuorum],
                opens: [.apiServerReady],
                rolling: .apiServer,
                resources: pairs + [unit, service, health(context)]
            ),
        ]
    }

    private func health(_ context: ComponentContext) -> CommandResource {
        let client = context.rendering.paths.apiServerKubeletClient
        let curl =
            "curl -sS -m 5 --cacert \(context.rendering.paths.clusterCA) --cert \(client.certificate) --key \(client.key)"
        return Health.check(
            "kube-apiserver",
            title: "kube-apiserver is ready",
            reason: "clients, controllers and kubelets need it",
            unit: "kube-apiserver.service",
            // The body names the checks that fail, and `curl -f` would not show it.
            command: """
                { r=$(\(curl) -w '\\n%{http_code}' 'https://127.0.0.1:6443/readyz') && \
                { [ "${r##*[!0-9]}" = 200 ] || { printf '%s\\n' "$r" | grep -F '[-]' >&2 \
                || printf '/readyz answers %s\\n' "$r" >&2; false; }; }; }
                """,
            seconds: 180
        )
    }
}
