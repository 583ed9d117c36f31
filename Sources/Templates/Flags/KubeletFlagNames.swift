/// The flags of kubelet: `name`, or `name FIRST-LAST` with the minor versions between which it exists.
///
/// Read from 1.20.2 and 1.36.2 binaries; the versions between come from the release notes.
package enum KubeletFlagNames {
    package static let table = """
        add-dir-header -25
        address
        allowed-unsafe-sysctls
        alsologtostderr -25
        anonymous-auth
        application-metrics-count-limit
        authentication-token-webhook
        authentication-token-webhook-cache-ttl
        authorization-mode
        authorization-webhook-cache-authorized-ttl
        authorization-webhook-cache-unauthorized-ttl
        azure-container-registry-config -29
        boot-id-file
        bootstrap-kubeconfig
        cert-dir
        cgroup-driver
        cgroup-root
        cgroups-per-qos
        chaos-chance -22
        client-ca-file
        cloud-config -32
        cloud-provider
        cluster-dns
        cluster-domain
        cni-bin-dir -23
        cni-cache-dir -23
        cni-conf-dir -23
        config
        config-dir 28-
        container-hints
        container-log-max-files
        container-log-max-size
        container-runtime -26
        container-runtime-endpoint
        containerd
        containerd-namespace
        contention-profiling
        cpu-cfs-quota
        cpu-cfs-quota-period
        cpu-manager-policy
        cpu-manager-policy-options 22-
        cpu-manager-reconcile-period
        docker -23
        docker-endpoint -23
        docker-env-metadata-whitelist -23
        docker-only -23
        docker-root -23
        docker-tls -23
        docker-tls-ca -23
        docker-tls-cert -23
        docker-tls-key -23
        dynamic-config-dir -25
        enable-cadvisor-json-endpoints -20
        enable-controller-attach-detach
        enable-debugging-handlers
        enable-load-reader
        enable-server
        enforce-node-allocatable
        event-burst
        event-qps
        event-storage-age-limit
        event-storage-event-limit
        eviction-hard
        eviction-max-pod-grace-period
        eviction-minimum-reclaim
        eviction-pressure-transition-period
        eviction-soft
        eviction-soft-grace-period
        exit-on-lock-contention
        experimental-allocatable-ignore-eviction
        experimental-bootstrap-kubeconfig -22
        experimental-check-node-capabilities-before-mount -23
        experimental-kernel-memcg-notification -23
        experimental-logging-sanitization -23
        experimental-mounter-path
        fail-cgroupv1 31-
        fail-swap-on
        feature-gates
        file-check-frequency
        global-housekeeping-interval
        hairpin-mode
        healthz-bind-address
        healthz-port
        hostname-override
        housekeeping-interval
        http-check-frequency
        image-credential-provider-bin-dir
        image-credential-provider-config
        image-gc-high-threshold
        image-gc-low-threshold
        image-pull-progress-deadline -23
        image-service-endpoint
        iptables-drop-bit -27
        iptables-masquerade-bit -27
        keep-terminated-pod-volumes -34
        kernel-memcg-notification
        kube-api-burst
        kube-api-content-type
        kube-api-qps
        kube-reserved
        kube-reserved-cgroup
        kubeconfig
        kubelet-cgroups
        local-storage-capacity-isolation 25-
        lock-file
        log-backtrace-at -25
        log-cadvisor-usage
        log-dir -25
        log-file -25
        log-file-max-size -25
        log-flush-frequency
        log-text-info-buffer-size 31-
        log-text-split-stream 31-
        logging-format
        logtostderr -25
        machine-id-file
        make-iptables-util-chains
        manifest-url
        manifest-url-header
        master-service-namespace -26
        max-housekeeping-interval 22-
        max-open-files
        max-pods
        maximum-dead-containers
        maximum-dead-containers-per-container
        memory-manager-policy 21-
        minimum-container-ttl-duration
        minimum-image-ttl-duration
        network-plugin -23
        network-plugin-mtu -23
        node-ip
        node-labels
        node-status-max-images
        node-status-update-frequency
        non-masquerade-cidr -23
        one-output -25
        oom-score-adj
        pod-cidr
        pod-infra-container-image -34
        pod-manifest-path
        pod-max-pids
        pods-per-core
        port
        protect-kernel-defaults
        provider-id
        qos-reserved
        read-only-port
        really-crash-for-testing -22
        redirect-container-streaming -21
        register-node
        register-schedulable -26
        register-with-taints
        registry-burst
        registry-qps
        reserved-cpus
        reserved-memory 21-
        resolv-conf
        root-dir
        rotate-certificates
        rotate-server-certificates
        runonce
        runtime-cgroups
        runtime-request-timeout
        seccomp-default 22-
        seccomp-profile-root -22
        serialize-image-pulls
        skip-headers -25
        skip-log-headers -25
        stderrthreshold -25
        storage-driver-buffer-duration
        storage-driver-db
        storage-driver-host
        storage-driver-password
        storage-driver-secure
        storage-driver-table
        storage-driver-user
        streaming-connection-idle-timeout
        sync-frequency
        system-cgroups
        system-reserved
        system-reserved-cgroup
        tls-cert-file
        tls-cipher-suites
        tls-min-version
        tls-private-key-file
        topology-manager-policy
        topology-manager-policy-options 26-
        topology-manager-scope
        v
        version
        vmodule
        volume-plugin-dir
        volume-stats-agg-period
        """
}
