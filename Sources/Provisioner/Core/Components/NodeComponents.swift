import Templates

/// The kubelet.
struct KubeletComponent: Component {
    func stages(for host: HostSpec, in context: ComponentContext) -> [Stage] {
        guard host.has(.worker) else { return [] }
        let rendering = context.rendering
        let paths = rendering.paths
        var read: [any Resource] = [context.certificates.authority("kubernetes-ca", at: paths.clusterCA)]
        // Read while it runs, so they come in its turn.
        let pairs = context.certificates.files(of: ["kubelet-client", "kubelet-serving"], on: host)
        read += [
            FileResource(rendering.kubeletKubeconfig(host), reason: "the kubelet's way to the API"),
            FileResource(rendering.kubeletConfig(host), reason: "the kubelet's configuration"),
        ]
        let unit = FileResource(rendering.kubeletUnit(host), reason: "the kubelet's command line")
        let binaries = context.binaries(["kubelet", "kubectl"], reason: "the node agent")
        let service = ServiceResource(
            unit: "kubelet.service",
            reason: "runs pods",
            startedFrom: read + pairs + [unit] + binaries.prefix(1)
        )
        let health = Health.check(
            "kubelet",
            title: "kubelet is healthy",
            reason: "it answers for itself",
            unit: "kubelet.service",
            command: "curl -fsS -m 3 http://127.0.0.1:10248/healthz",
            seconds: 90
        )
        let directories: [any Resource] = [
            DirectoryResource(paths.kubeletDirectory, mode: 0o750, reason: "the kubelet's state"),
            DirectoryResource(paths.kubeletPKIDirectory, mode: 0o755, reason: "the kubelet's certificates"),
        ]
        return [
            Stage("kubelet-files", resources: directories + read),
            Stage("kubelet-binaries", resources: binaries),
            Stage(
                "kubelet",
                needs: [.nodesRegistered, .loadBalancerReady],
                rolling: .kubelet,
                resources: pairs + [unit, service, health]
            ),
        ]
    }
}

/// kube-proxy.
struct KubeProxyComponent: Component {
    func stages(for host: HostSpec, in context: ComponentContext) -> [Stage] {
        guard host.has(.worker) else { return [] }
        let rendering = context.rendering
        let read =
            [context.certificates.authority("kubernetes-ca", at: rendering.paths.clusterCA)]
            + context.certificates.files(of: ["kube-proxy"], on: host)
            + [
                FileResource(rendering.kubeProxyKubeconfig(host), reason: "kube-proxy's way to the API"),
                FileResource(rendering.kubeProxyConfig(host), reason: "kube-proxy's configuration"),
            ]
        let unit = FileResource(rendering.kubeProxyUnit(host), reason: "kube-proxy's command line")
        let binary = context.binaries(["kube-proxy"], reason: "services")
        let service = ServiceResource(
            unit: "kube-proxy.service",
            reason: "services on this node",
            startedFrom: read + [unit] + binary
        )
        let health = Health.check(
            "kube-proxy",
            title: "kube-proxy is healthy",
            reason: "it answers for itself",
            unit: "kube-proxy.service",
            command: "curl -fsS -m 3 http://127.0.0.1:10256/healthz",
            seconds: 90
        )
        return [
            Stage("kube-proxy-binary", resources: binary),
            Stage(
                "kube-proxy",
                needs: [.loadBalancerReady],
                rolling: .kubeProxy,
                resources: read + [unit, service, health]
            ),
        ]
    }
}

/// The node as the API sees it.
struct NodeComponent: Component {
    func stages(for host: HostSpec, in context: ComponentContext) -> [Stage] {
        guard host.has(.worker) else { return [] }
        let paths = context.rendering.paths
        let client = paths.kubeletClient
        let curl = "curl -fsS -m 5 --cacert \(paths.clusterCA) --cert \(client.certificate) --key \(client.key)"
        let ready = Health.check(
            "node",
            title: "node \(host.nodeName) is Ready with kubelet \(context.spec.versions.kubernetes)",
            reason: "pods can run here",
            unit: "kubelet.service",
            // What the API says may be older than the kubelet that runs: its version and its time tell them apart. After a
            // minute it cannot be: a node that is not heard of is called NotReady within 50 s. Wall time alone would not do,
            // since clocks are set, and a kubelet need not report at its start (Kubernetes 1.32.0 to 1.32.2).
            command: """
                { n=$(\(curl) \(context.spec.apiURL)/api/v1/nodes/\(host.nodeName) | tr -d ' \\n'); \
                h=$(echo "$n" | sed -n 's/.*"type":"Ready","status":"True","lastHeartbeatTime":"\\([^"]*\\)".*/\\1/p'); \
                k() { TZ=UTC LC_ALL=C systemctl show -p ActiveEnterTimestamp$1 --value kubelet.service; }; \
                a=$(($(cut -d. -f1 /proc/uptime) - $(k Monotonic) / 1000000)); \
                if [ -z "$h" ]; then echo 'the API does not say that it is Ready' >&2; false; \
                elif [ $a -lt 60 ] && [ "$(date -d "$h" +%s)" -lt "$(date -d "$(k)" +%s)" ]; then \
                echo 'its kubelet started after it was last said to be Ready' >&2; false; fi && \
                case $n in *'"kubeletVersion":"v\(context.spec.versions.kubernetes)"'*) ;; \
                *) echo "the API still says $(echo "$n" | grep -o '"kubeletVersion":"[^"]*"')" >&2; false;; esac; }
                """,
            seconds: 180,
            settling: Self.settling(host, paths)
        )
        return [
            Stage(
                "node",
                needs: [.nodesRegistered, .loadBalancerReady],
                opens: [.nodeReady, .allNodesReady],
                resources: [ready]
            )
        ]
    }

    /// After a power cut the API counts pods of before as ready until the new kubelet reports them.
    ///
    /// The cluster's own are waited for, so that what asks for them afterwards hears of pods that run. Whatever keeps one from
    /// that is no fault of the node: after 45 s the run goes on.
    private static func settling(_ host: HostSpec, _ paths: HostPaths) -> String {
        """
        settled() { # each pod here is ready, and began on this machine as it runs now
          p=$(timeout 6 kubectl --kubeconfig \(paths.kubeletKubeconfig) --request-timeout 4s -n kube-system get pods \
            --field-selector spec.nodeName=\(host.nodeName) -o 'go-template={{range .items}}{{$r := "False"}}{{range .status.conditions}}{{if eq .type "Ready"}}{{$r = .status}}{{end}}{{end}}{{range .status.containerStatuses}}{{$r}} {{with .state.running}}{{.startedAt}}{{else}}1970-01-01{{end}}{{"\\n"}}{{end}}{{end}}' 2> /dev/null) || return 1
          b=$(date -d "$(TZ=UTC LC_ALL=C systemctl show -p UserspaceTimestamp --value)" +%s)
          echo "$p" | while read -r r t; do [ -z "$r" ] || { [ "$r" = True ] && [ "$(date -d "$t" +%s)" -ge "$b" ]; } || exit 1; done; }
        i=0; until settled || [ $i -ge 45 ]; do i=$((i + 1)); sleep 1; done
        """
    }
}
