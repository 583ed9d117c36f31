/// Which of a host's programs come as packages of its distribution, and what must be there for that.
package struct NeededPackages: Sendable, Equatable {
    /// As messages call them; empty where everything is sent as a program.
    package let names: [String]
    /// Programs that install them and say what is installed.
    package let tools: [String]

    /// - Parameters:
    ///   - host: The host.
    ///   - spec: Its cluster: whether package files are sent, or the host's own apt fetches them.
    package init(of host: HostSpec, in spec: ClusterSpec) {
        var names: [String] = []
        if host.has(.loadBalancer) {
            names.append("haproxy")
            let isShared = spec.loadBalancer.virtualAddress != nil && spec.hosts(.loadBalancer).count > 1
            if isShared { names.append("keepalived") }
        }
        if host.has(.worker), spec.runtime.kind == .docker { names.append("docker") }
        self.names = names
        let all = spec.sendsPackages ? ["dpkg", "dpkg-deb", "dpkg-query"] : ["apt-get", "dpkg-query"]
        tools = names.isEmpty ? [] : all
    }
}
