/// Kernel settings of a node, kept over reboots.
package struct SysctlFile: Sendable {
    /// Name to value, replacing or adding; `nil` leaves one out.
    package var overrides: [String: String?] = [:]
    /// False on hosts without pods (controllers, load balancers): only forwarding and limits.
    package var hasPods: Bool
    package var paths: HostPaths

    package init(hasPods: Bool, paths: HostPaths = .standard) {
        self.hasPods = hasPods
        self.paths = paths
    }

    /// The kernel settings by name; `vm` and `kernel` ones are those which the kubelet demands.
    package var settings: [String: String] {
        var settings: [String: String] = ["net.ipv4.ip_forward": "1"]
        if hasPods {
            settings["net.bridge.bridge-nf-call-iptables"] = "1"
            settings["net.bridge.bridge-nf-call-ip6tables"] = "1"
            settings["vm.overcommit_memory"] = "1"
            settings["vm.panic_on_oom"] = "0"
            settings["kernel.panic"] = "10"
            settings["kernel.panic_on_oops"] = "1"
            settings["fs.inotify.max_user_instances"] = "8192"
            settings["fs.inotify.max_user_watches"] = "524288"
        }
        for (name, value) in overrides { settings[name] = value }
        return settings
    }

    package func rendered() -> RenderedFile {
        let lines = settings.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)\n" }
        return RenderedFile(path: paths.sysctlFile, text: lines.joined(), secrecy: .open)
    }
}
