/// The pod network of one worker: a bridge with host-local addresses from its pod CIDR, then port mapping.
package struct CNIBridgeConfig: Sendable {
    package var podCIDR: CIDR
    /// 0.3.1, 0.4.0 or 1.0.0; 0.4.0 needs plugins 0.8, 1.0.0 needs plugins 1.0 and containerd 1.6.
    package var cniVersion = "0.4.0"
    package var bridge = "cni0"
    /// Pods reach addresses outside their node's network under the node's address.
    package var masquerade = true
    /// `nil`: the plugin's default, that of the node's interface.
    package var mtu: Int64?
    package var paths: HostPaths

    package init(podCIDR: CIDR, paths: HostPaths = .standard) {
        self.podCIDR = podCIDR
        self.paths = paths
    }

    package var value: OrderedValue {
        var plugin: OrderedValue = [
            "type": "bridge",
            "bridge": .string(bridge),
            "isGateway": true,
            "ipMasq": .bool(masquerade),
            // A pod that calls its own service comes back through the port it left by.
            "hairpinMode": true,
        ]
        if let mtu { plugin["mtu"] = .integer(mtu) }
        plugin["ipam"] = [
            "type": "host-local",
            "ranges": [[["subnet": .string(String(describing: podCIDR))]]],
            "routes": [["dst": "0.0.0.0/0"]],
        ]
        return [
            "cniVersion": .string(cniVersion),
            "name": "bridge",
            "plugins": [plugin, ["type": "portmap", "capabilities": ["portMappings": true], "snat": true]],
        ]
    }

    /// Mode 0600 (CIS 1.1.9).
    package func rendered() -> RenderedFile {
        RenderedFile(path: paths.cniBridge, text: JSONText.encode(value), mode: 0o600, secrecy: .open)
    }
}
