/// The flags of kube-scheduler: `name`, or `name FIRST-LAST` with the minor versions between which it exists.
///
/// Read from 1.20.2 and 1.36.2 binaries; the versions between come from the release notes.
package enum KubeSchedulerFlagNames {
    package static let table = """
        add-dir-header -25
        address -23
        algorithm-provider -22
        allow-metric-labels 21-
        allow-metric-labels-manifest 28-
        alsologtostderr -25
        authentication-kubeconfig
        authentication-skip-lookup
        authentication-token-webhook-cache-ttl
        authentication-tolerate-lookup-failure
        authorization-always-allow-paths
        authorization-kubeconfig
        authorization-webhook-cache-authorized-ttl
        authorization-webhook-cache-unauthorized-ttl
        bind-address
        cert-dir
        client-ca-file
        config
        contention-profiling
        disable-http2-serving 28-
        disabled-metrics 22-
        emulated-version 31-
        experimental-logging-sanitization -23
        feature-gates
        hard-pod-affinity-symmetric-weight -22
        http2-max-streams-per-connection
        kube-api-burst
        kube-api-content-type
        kube-api-qps
        kubeconfig
        leader-elect
        leader-elect-lease-duration
        leader-elect-renew-deadline
        leader-elect-resource-lock
        leader-elect-resource-name
        leader-elect-resource-namespace
        leader-elect-retry-period
        lock-object-name -27
        lock-object-namespace -27
        log-backtrace-at -25
        log-dir -25
        log-file -25
        log-file-max-size -25
        log-flush-frequency
        log-text-info-buffer-size 31-
        log-text-split-stream 31-
        logging-format
        logtostderr -25
        master
        min-compatibility-version 33-
        one-output -25
        permit-address-sharing 21-
        permit-port-sharing
        pod-max-in-unschedulable-pods-duration 24-
        policy-config-file -22
        policy-configmap -22
        policy-configmap-namespace -22
        port -23
        profiling
        requestheader-allowed-names
        requestheader-client-ca-file
        requestheader-extra-headers-prefix
        requestheader-group-headers
        requestheader-uid-headers 32-
        requestheader-username-headers
        scheduler-name -22
        secure-port
        show-hidden-metrics-for-version
        skip-headers -25
        skip-log-headers -25
        stderrthreshold -25
        tls-cert-file
        tls-cipher-suites
        tls-curve-preferences 36-
        tls-min-version
        tls-private-key-file
        tls-sni-cert-key
        unsupported-kube-api-over-localhost 36-
        use-legacy-policy-config -22
        v
        version
        vmodule
        write-config-to
        """
}
