/// The fields of the kubelet's configuration file, `kubelet.config.k8s.io/v1beta1`: its types, the file's own first.
///
/// `name`, then where it does not always exist the minor versions `FIRST-LAST` between which it does, then the type of
/// what is below it; `Names` are names of any spelling. Read from the types of 1.20.2 and 1.36.2; the versions between
/// come from the release notes, and `21-` also stands where all that is known is that 1.20 lacks it.
package enum KubeletFieldNames {
    package static let table = """
        KubeletConfiguration:
        address
        allowedUnsafeSysctls
        authentication KubeletAuthentication
        authorization KubeletAuthorization
        cgroupDriver
        cgroupRoot
        cgroupsPerQOS
        clusterDNS
        clusterDomain
        configMapAndSecretChangeDetectionStrategy
        containerLogMaxFiles
        containerLogMaxSize
        containerLogMaxWorkers 29-
        containerLogMonitorInterval 29-
        containerRuntimeEndpoint 27-
        contentType
        cpuCFSQuota
        cpuCFSQuotaPeriod
        cpuManagerPolicy
        cpuManagerPolicyOptions 22- Names
        cpuManagerReconcilePeriod
        crashLoopBackOff 32- CrashLoopBackOffConfig
        enableContentionProfiling
        enableControllerAttachDetach
        enableDebugFlagsHandler 21-
        enableDebuggingHandlers
        enableProfilingHandler 21-
        enableServer
        enableSystemLogHandler
        enableSystemLogQuery 27-
        enforceNodeAllocatable
        eventBurst
        eventRecordQPS
        evictionHard Names
        evictionMaxPodGracePeriod
        evictionMinimumReclaim Names
        evictionPressureTransitionPeriod
        evictionSoft Names
        evictionSoftGracePeriod Names
        failCgroupV1 31-
        failSwapOn
        featureGates Names
        fileCheckFrequency
        hairpinMode
        healthzBindAddress
        healthzPort
        httpCheckFrequency
        imageGCHighThresholdPercent
        imageGCLowThresholdPercent
        imageMaximumGCAge 29-
        imageMinimumGCAge
        imagePullCredentialsVerificationPolicy 33-
        imageServiceEndpoint 27-
        iptablesDropBit
        iptablesMasqueradeBit
        kernelMemcgNotification
        kubeAPIBurst
        kubeAPIQPS
        kubeletCgroups
        kubeReserved Names
        kubeReservedCgroup
        localStorageCapacityIsolation 25-
        logging
        makeIPTablesUtilChains
        maxOpenFiles
        maxParallelImagePulls 27-
        maxPods
        memoryManagerPolicy 21-
        memoryReservationPolicy 21-
        memorySwap 22- MemorySwapConfiguration
        memoryThrottlingFactor 22-
        mergeDefaultEvictionSettings 33-
        nodeLeaseDurationSeconds
        nodeStatusMaxImages
        nodeStatusReportFrequency
        nodeStatusUpdateFrequency
        oomScoreAdj
        podCIDR
        podLogsDir 30-
        podPidsLimit
        podsPerCore
        port
        preloadedImagesVerificationAllowlist 33-
        protectKernelDefaults
        providerID
        qosReserved Names
        readOnlyPort
        registerNode 23-
        registerWithTaints 23-
        registryBurst
        registryPullQPS
        reservedMemory 21- MemoryReservation
        reservedSystemCPUs
        resolvConf
        rotateCertificates
        runOnce
        runtimeRequestTimeout
        seccompDefault 22-
        serializeImagePulls
        serverTLSBootstrap
        showHiddenMetricsForVersion
        shutdownGracePeriod
        shutdownGracePeriodByPodPriority 23- ShutdownGracePeriodByPodPriority
        shutdownGracePeriodCriticalPods
        singleProcessOOMKill 32-
        staticPodPath
        staticPodURL
        staticPodURLHeader Names
        streamingConnectionIdleTimeout
        syncFrequency
        systemCgroups
        systemReserved Names
        systemReservedCgroup
        tlsCertFile
        tlsCipherSuites
        tlsCurvePreferences 36-
        tlsMinVersion
        tlsPrivateKeyFile
        topologyManagerPolicy
        topologyManagerPolicyOptions 26- Names
        topologyManagerScope
        tracing 25-
        userNamespaces 33- UserNamespaces
        volumePluginDir
        volumeStatsAggPeriod

        CrashLoopBackOffConfig:
        maxContainerRestartPeriod

        KubeletAnonymousAuthentication:
        enabled

        KubeletAuthentication:
        anonymous KubeletAnonymousAuthentication
        webhook KubeletWebhookAuthentication
        x509 KubeletX509Authentication

        KubeletAuthorization:
        mode
        webhook KubeletWebhookAuthorization

        KubeletWebhookAuthentication:
        cacheTTL
        enabled

        KubeletWebhookAuthorization:
        cacheAuthorizedTTL
        cacheUnauthorizedTTL

        KubeletX509Authentication:
        clientCAFile

        MemoryReservation:
        limits Names
        numaNode

        MemorySwapConfiguration:
        swapBehavior

        ShutdownGracePeriodByPodPriority:
        priority
        shutdownGracePeriodSeconds

        UserNamespaces:
        idsPerPod
        """
}
