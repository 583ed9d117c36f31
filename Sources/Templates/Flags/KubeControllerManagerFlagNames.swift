/// The flags of kube-controller-manager: `name`, or `name FIRST-LAST` with the minor versions between which it exists.
///
/// Read from 1.20.2 and 1.36.2 binaries; the versions between come from the release notes.
package enum KubeControllerManagerFlagNames {
    package static let table = """
        add-dir-header -25
        address -23
        allocate-node-cidrs
        allow-metric-labels 21-
        allow-metric-labels-manifest 28-
        alsologtostderr -25
        attach-detach-reconcile-sync-period
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
        cidr-allocator-type
        client-ca-file
        cloud-config
        cloud-provider
        cluster-cidr
        cluster-name
        cluster-signing-cert-file
        cluster-signing-duration
        cluster-signing-key-file
        cluster-signing-kube-apiserver-client-cert-file
        cluster-signing-kube-apiserver-client-key-file
        cluster-signing-kubelet-client-cert-file
        cluster-signing-kubelet-client-key-file
        cluster-signing-kubelet-serving-cert-file
        cluster-signing-kubelet-serving-key-file
        cluster-signing-legacy-unknown-cert-file
        cluster-signing-legacy-unknown-key-file
        concurrent-cron-job-syncs 27-
        concurrent-daemonset-syncs 31-
        concurrent-deployment-syncs
        concurrent-device-taint-eviction-syncs 36-
        concurrent-endpoint-syncs
        concurrent-ephemeralvolume-syncs 23-
        concurrent-gc-syncs
        concurrent-horizontal-pod-autoscaler-syncs 26-
        concurrent-job-syncs 27-
        concurrent-namespace-syncs
        concurrent-rc-syncs 21-
        concurrent-replicaset-syncs
        concurrent-resource-quota-syncs
        concurrent-resourceclaim-syncs 34-
        concurrent-service-endpoint-syncs
        concurrent-service-syncs
        concurrent-serviceaccount-token-syncs
        concurrent-statefulset-syncs
        concurrent-ttl-after-finished-syncs
        concurrent-validating-admission-policy-status-syncs 28-
        configure-cloud-routes
        contention-profiling
        controller-shutdown-timeout 36-
        controller-start-interval
        controllers
        deployment-controller-sync-period -24
        disable-attach-detach-reconcile-sync
        disable-force-detach-on-timeout 30-
        disable-http2-serving 28-
        disabled-metrics 22-
        emulated-version 31-
        enable-dynamic-provisioning
        enable-garbage-collector
        enable-hostpath-provisioner
        enable-leader-migration 21-
        enable-taint-manager -26
        endpoint-updates-batch-period
        endpointslice-updates-batch-period
        experimental-cluster-signing-duration -24
        experimental-logging-sanitization -23
        external-cloud-volume-plugin
        feature-gates
        flex-volume-plugin-dir
        horizontal-pod-autoscaler-cpu-initialization-period
        horizontal-pod-autoscaler-downscale-stabilization
        horizontal-pod-autoscaler-initial-readiness-delay
        horizontal-pod-autoscaler-sync-period
        horizontal-pod-autoscaler-tolerance
        horizontal-pod-autoscaler-use-rest-clients -24
        http2-max-streams-per-connection
        kube-api-burst
        kube-api-content-type
        kube-api-qps
        kubeconfig
        large-cluster-size-threshold
        leader-elect
        leader-elect-lease-duration
        leader-elect-renew-deadline
        leader-elect-resource-lock
        leader-elect-resource-name
        leader-elect-resource-namespace
        leader-elect-retry-period
        leader-migration-config 21-
        legacy-service-account-token-clean-up-period 28-
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
        max-endpoints-per-slice
        min-compatibility-version 33-
        min-resync-period
        mirroring-concurrent-service-endpoint-syncs
        mirroring-endpointslice-updates-batch-period
        mirroring-max-endpoints-per-subset
        namespace-sync-period
        node-cidr-mask-size
        node-cidr-mask-size-ipv4
        node-cidr-mask-size-ipv6
        node-eviction-rate
        node-monitor-grace-period
        node-monitor-period
        node-startup-grace-period
        one-output -25
        permit-address-sharing 21-
        permit-port-sharing
        pod-eviction-timeout -26
        port -23
        profiling
        pv-recycler-increment-timeout-nfs
        pv-recycler-minimum-timeout-hostpath
        pv-recycler-minimum-timeout-nfs
        pv-recycler-pod-template-filepath-hostpath
        pv-recycler-pod-template-filepath-nfs
        pv-recycler-timeout-increment-hostpath
        pvclaimbinder-sync-period
        requestheader-allowed-names
        requestheader-client-ca-file
        requestheader-extra-headers-prefix
        requestheader-group-headers
        requestheader-uid-headers 32-
        requestheader-username-headers
        resource-quota-sync-period
        root-ca-file
        route-reconciliation-period
        secondary-node-eviction-rate
        secure-port
        service-account-private-key-file
        service-cluster-ip-range
        show-hidden-metrics-for-version
        skip-headers -25
        skip-log-headers -25
        stderrthreshold -25
        terminated-pod-gc-threshold
        tls-cert-file
        tls-cipher-suites
        tls-curve-preferences 36-
        tls-min-version
        tls-private-key-file
        tls-sni-cert-key
        unhealthy-zone-threshold
        unsupported-kube-api-over-localhost 36-
        use-service-account-credentials
        v
        version
        vmodule
        volume-host-allow-local-loopback -29
        volume-host-cidr-denylist -29
        """
}
