/// The fields of the scheduler's configuration file, `kubescheduler.config.k8s.io`: its types, the file's own first.
///
/// `name`, then where it does not always exist the minor versions `FIRST-LAST` between which it does, then the type of
/// what is below it; `Names` are names of any spelling. Read from the types of 1.20.2 and 1.36.2; the versions between
/// come from the release notes, and `21-` also stands where all that is known is that 1.20 lacks it.
/// What is below `args` is each plugin's own. The two `...BindAddress` end where v1beta3 begins (`apiVersion` there).
package enum KubeSchedulerFieldNames {
    package static let table = """
        KubeSchedulerConfiguration:
        clientConnection ClientConnectionConfiguration
        delayCacheUntilActive 21-
        enableContentionProfiling
        enableProfiling
        extenders Extender
        healthzBindAddress -22
        leaderElection LeaderElectionConfiguration
        metricsBindAddress -22
        parallelism
        percentageOfNodesToScore
        podInitialBackoffSeconds
        podMaxBackoffSeconds
        profiles KubeSchedulerProfile

        ClientConnectionConfiguration:
        acceptContentTypes
        burst
        contentType
        kubeconfig
        qps

        Extender:
        bindVerb
        enableHTTPS
        filterVerb
        httpTimeout
        ignorable
        managedResources ExtenderManagedResource
        nodeCacheCapable
        preemptVerb
        prioritizeVerb
        tlsConfig ExtenderTLSConfig
        urlPrefix
        weight

        ExtenderManagedResource:
        ignoredByScheduler
        name

        ExtenderTLSConfig:
        caData
        caFile
        certData
        certFile
        insecure
        keyData
        keyFile
        serverName

        KubeSchedulerProfile:
        percentageOfNodesToScore 25-
        pluginConfig PluginConfig
        plugins Plugins
        schedulerName

        LeaderElectionConfiguration:
        leaderElect
        leaseDuration
        renewDeadline
        resourceLock
        resourceName
        resourceNamespace
        retryPeriod

        Plugin:
        name
        weight

        PluginConfig:
        args
        name

        PluginSet:
        disabled Plugin
        enabled Plugin

        Plugins:
        bind PluginSet
        filter PluginSet
        multiPoint 23- PluginSet
        permit PluginSet
        placementGenerate 21- PluginSet
        placementScore 21- PluginSet
        postBind PluginSet
        postFilter PluginSet
        preBind PluginSet
        preEnqueue 26- PluginSet
        preFilter PluginSet
        preScore PluginSet
        queueSort PluginSet
        reserve PluginSet
        score PluginSet
        """
}
