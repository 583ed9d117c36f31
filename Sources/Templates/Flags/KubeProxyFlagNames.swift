/// The flags of kube-proxy: `name`, or `name FIRST-LAST` with the minor versions between which it exists.
///
/// Read from a 1.20.2 binary; later ones from the release notes.
package enum KubeProxyFlagNames {
    package static let table = """
        add-dir-header -25
        allow-metric-labels 21-
        allow-metric-labels-manifest 28-
        alsologtostderr -25
        bind-address
        bind-address-hard-fail
        cleanup
        cluster-cidr
        config
        config-sync-period
        conntrack-max-per-core
        conntrack-min
        conntrack-tcp-be-liberal 29-
        conntrack-tcp-timeout-close-wait
        conntrack-tcp-timeout-established
        conntrack-udp-timeout 29-
        conntrack-udp-timeout-stream 29-
        detect-local-mode
        disabled-metrics 22-
        feature-gates
        healthz-bind-address
        hostname-override
        init-only 29-
        iptables-localhost-nodeports 26-
        iptables-masquerade-bit
        iptables-min-sync-period
        iptables-sync-period
        ipvs-exclude-cidrs
        ipvs-min-sync-period
        ipvs-scheduler
        ipvs-strict-arp
        ipvs-sync-period
        ipvs-tcp-timeout
        ipvs-tcpfin-timeout
        ipvs-udp-timeout
        kube-api-burst
        kube-api-content-type
        kube-api-qps
        kubeconfig
        log-backtrace-at -25
        log-dir -25
        log-file -25
        log-file-max-size -25
        log-flush-frequency
        logging-format 24-
        logtostderr -25
        masquerade-all
        master
        metrics-bind-address
        nodeport-addresses
        one-output -25
        oom-score-adj
        pod-bridge-interface 23-
        pod-interface-name-prefix 23-
        profiling
        proxy-mode
        proxy-port-range
        show-hidden-metrics-for-version
        skip-headers -25
        skip-log-headers -25
        stderrthreshold -25
        udp-timeout -27
        v
        version
        vmodule
        write-config-to
        """
}
