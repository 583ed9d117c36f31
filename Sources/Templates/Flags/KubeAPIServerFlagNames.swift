/// The flags of kube-apiserver: `name`, or `name FIRST-LAST` with the minor versions between which it exists.
///
/// Read from 1.20.2 and 1.36.2 binaries; the versions between come from the release notes.
package enum KubeAPIServerFlagNames {
    package static let table = """
        add-dir-header -25
        admission-control
        admission-control-config-file
        advertise-address
        aggregator-reject-forwarding-redirect 25-
        allow-metric-labels 21-
        allow-metric-labels-manifest 28-
        allow-privileged
        alsologtostderr -25
        anonymous-auth
        api-audiences
        apiserver-count -28
        audit-log-batch-buffer-size
        audit-log-batch-max-size
        audit-log-batch-max-wait
        audit-log-batch-throttle-burst
        audit-log-batch-throttle-enable
        audit-log-batch-throttle-qps
        audit-log-compress
        audit-log-format
        audit-log-maxage
        audit-log-maxbackup
        audit-log-maxsize
        audit-log-mode
        audit-log-path
        audit-log-truncate-enabled
        audit-log-truncate-max-batch-size
        audit-log-truncate-max-event-size
        audit-log-version
        audit-policy-file
        audit-webhook-batch-buffer-size
        audit-webhook-batch-max-size
        audit-webhook-batch-max-wait
        audit-webhook-batch-throttle-burst
        audit-webhook-batch-throttle-enable
        audit-webhook-batch-throttle-qps
        audit-webhook-config-file
        audit-webhook-initial-backoff
        audit-webhook-mode
        audit-webhook-truncate-enabled
        audit-webhook-truncate-max-batch-size
        audit-webhook-truncate-max-event-size
        audit-webhook-version
        authentication-config 29-
        authentication-token-webhook-cache-ttl
        authentication-token-webhook-config-file
        authentication-token-webhook-version
        authorization-config 29-
        authorization-mode
        authorization-policy-file
        authorization-webhook-cache-authorized-ttl
        authorization-webhook-cache-unauthorized-ttl
        authorization-webhook-config-file
        authorization-webhook-version
        bind-address
        cert-dir
        client-ca-file
        cloud-config -32
        cloud-provider -32
        cloud-provider-gce-l7lb-src-cidrs -30
        contention-profiling
        coordinated-leadership-lease-duration 31-
        coordinated-leadership-renew-deadline 31-
        coordinated-leadership-retry-period 31-
        cors-allowed-origins
        debug-socket-path 27-
        default-not-ready-toleration-seconds
        default-unreachable-toleration-seconds
        default-watch-cache-size -35
        delete-collection-workers
        disable-admission-plugins
        disable-http2-serving 28-
        disabled-metrics 22-
        egress-selector-config-file
        emulated-version 31-
        emulation-forward-compatible 33-
        enable-admission-plugins
        enable-aggregator-routing
        enable-bootstrap-token-auth
        enable-garbage-collector
        enable-logs-handler 22-
        enable-priority-and-fairness
        encryption-provider-config
        encryption-provider-config-automatic-reload 26-
        endpoint-reconciler-type
        etcd-cafile
        etcd-certfile
        etcd-compaction-interval
        etcd-count-metric-poll-period
        etcd-db-metric-poll-interval
        etcd-healthcheck-timeout
        etcd-keyfile
        etcd-prefix
        etcd-readycheck-timeout 24-
        etcd-servers
        etcd-servers-overrides
        event-ttl
        experimental-logging-sanitization -23
        external-hostname
        feature-gates
        goaway-chance
        http2-max-streams-per-connection
        identity-lease-duration-seconds -27
        identity-lease-renew-interval-seconds -27
        insecure-bind-address -23
        insecure-port -23
        kubelet-certificate-authority
        kubelet-client-certificate
        kubelet-client-key
        kubelet-https -21
        kubelet-preferred-address-types
        kubelet-timeout
        kubernetes-service-node-port
        lease-reuse-duration-seconds 21-
        livez-grace-period
        log-backtrace-at -25
        log-dir -25
        log-file -25
        log-file-max-size -25
        log-flush-frequency
        log-text-info-buffer-size 31-
        log-text-split-stream 31-
        logging-format
        logtostderr -25
        master-service-namespace -26
        max-connection-bytes-per-sec
        max-mutating-requests-inflight
        max-requests-inflight
        min-compatibility-version 33-
        min-request-timeout
        oidc-ca-file
        oidc-client-id
        oidc-groups-claim
        oidc-groups-prefix
        oidc-issuer-url
        oidc-required-claim
        oidc-signing-algs
        oidc-username-claim
        oidc-username-prefix
        one-output -25
        peer-advertise-ip 28-
        peer-advertise-port 28-
        peer-ca-file 28-
        permit-address-sharing 21-
        permit-port-sharing
        profiling
        proxy-client-cert-file
        proxy-client-key-file
        request-timeout
        requestheader-allowed-names
        requestheader-client-ca-file
        requestheader-extra-headers-prefix
        requestheader-group-headers
        requestheader-uid-headers 32-
        requestheader-username-headers
        runtime-config
        runtime-config-emulation-forward-compatible 33-
        secure-port
        send-retry-after-while-not-ready-once 27-
        service-account-extend-token-expiration
        service-account-issuer
        service-account-jwks-uri
        service-account-key-file
        service-account-lookup
        service-account-max-token-expiration
        service-account-signing-endpoint 32-
        service-account-signing-key-file
        service-cluster-ip-range
        service-node-port-range
        show-hidden-metrics-for-version
        shutdown-delay-duration
        shutdown-send-retry-after 22-
        shutdown-watch-termination-grace-period 27-
        skip-headers -25
        skip-log-headers -25
        stderrthreshold -25
        storage-backend
        storage-initialization-timeout 30-
        storage-media-type
        strict-transport-security-directives 23-
        target-ram-mb -24
        tls-cert-file
        tls-cipher-suites
        tls-curve-preferences 36-
        tls-min-version
        tls-private-key-file
        tls-sni-cert-key
        token-auth-file
        tracing-config-file 22-
        v
        version
        vmodule
        watch-cache
        watch-cache-sizes
        """
}
