/// The fields of kube-proxy's configuration file, `kubeproxy.config.k8s.io/v1alpha1`: its types, the file's own first.
///
/// `name`, then where it does not always exist the minor versions `FIRST-LAST` between which it does, then the type of
/// what is below it; `Names` are names of any spelling. Read from the types of 1.20.2 and 1.36.2; the versions between
/// come from the release notes, and `21-` also stands where all that is known is that 1.20 lacks it.
package enum KubeProxyFieldNames {
    package static let table = """
        KubeProxyConfiguration:
        bindAddress
        bindAddressHardFail
        clientConnection ClientConnectionConfiguration
        clusterCIDR
        configSyncPeriod
        conntrack KubeProxyConntrackConfiguration
        detectLocal 23- DetectLocalConfiguration
        detectLocalMode
        enableProfiling
        featureGates Names
        healthzBindAddress
        hostnameOverride
        iptables KubeProxyIPTablesConfiguration
        ipvs KubeProxyIPVSConfiguration
        logging 24-
        metricsBindAddress
        mode
        nftables 29- KubeProxyNFTablesConfiguration
        nodePortAddresses
        oomScoreAdj
        portRange
        showHiddenMetricsForVersion
        udpIdleTimeout -27
        windowsRunAsService 31-
        winkernel KubeProxyWinkernelConfiguration

        ClientConnectionConfiguration:
        acceptContentTypes
        burst
        contentType
        kubeconfig
        qps

        DetectLocalConfiguration:
        bridgeInterface
        interfaceNamePrefix

        KubeProxyConntrackConfiguration:
        maxPerCore
        min
        tcpBeLiberal 29-
        tcpCloseWaitTimeout
        tcpEstablishedTimeout
        udpStreamTimeout 29-
        udpTimeout 29-

        KubeProxyIPTablesConfiguration:
        localhostNodePorts 26-
        masqueradeAll
        masqueradeBit
        minSyncPeriod
        syncPeriod

        KubeProxyIPVSConfiguration:
        excludeCIDRs
        minSyncPeriod
        scheduler
        strictARP
        syncPeriod
        tcpFinTimeout
        tcpTimeout
        udpTimeout

        KubeProxyNFTablesConfiguration:
        masqueradeAll
        masqueradeBit
        minSyncPeriod
        syncPeriod

        KubeProxyWinkernelConfiguration:
        enableDSR
        forwardHealthCheckVip 21-
        networkName
        rootHnsEndpointName 21-
        sourceVip
        """
}
