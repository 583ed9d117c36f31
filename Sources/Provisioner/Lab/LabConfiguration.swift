/// One machine of a lab.
package struct LabHost: Sendable, Hashable {
    /// Host name; also the SSH alias in messages.
    package var name: String
    /// IPv4, dotted, inside the lab's subnet.
    package var address: String

    package init(name: String, address: String) {
        self.name = name
        self.address = address
    }
}

/// A lab: its machines, its network and where its files lie.
package struct LabConfiguration: Sendable, Hashable {
    package var name: String
    /// For example `192.168.2.0/24`; its first address is the bridge's.
    package var subnet: String
    package var hosts: [LabHost]
    /// Everything of this lab; goes with it.
    package var stateDirectory: String
    /// Shared between labs: the base image.
    package var cacheDirectory: String

    package init(name: String, subnet: String, hosts: [LabHost], stateDirectory: String, cacheDirectory: String) {
        self.name = name
        self.subnet = subnet
        self.hosts = hosts
        self.stateDirectory = stateDirectory
        self.cacheDirectory = cacheDirectory
    }

    package var identityFile: String { stateDirectory + "/id_ed25519" }
    package var knownHostsFile: String { stateDirectory + "/known_hosts" }
    /// Every subnet that the lab has taken, one a line.
    var subnetsFile: String { stateDirectory + "/subnets" }

    /// Of every lab's bridge.
    static let bridgePrefix = "prv"

    /// At most 15 bytes (IFNAMSIZ), and different for labs of different names.
    var bridge: String { Self.bridgePrefix + Self.sum(name) }

    /// The name of a machine for systemd-nspawn, which names its end of the network after it: `vb-` and at most 12 bytes.
    func machineName(_ host: LabHost) -> String { "p" + Self.sum("\(name)/\(host.name)") }

    /// The end on the bridge of a machine's network.
    func link(_ host: LabHost) -> String { "vb-" + machineName(host) }

    private static func sum(_ text: String) -> String {
        String(text.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }, radix: 16)
    }

    var prefixLength: String { subnet.split(separator: "/").last.map(String.init) ?? "24" }

    /// The subnet's first address.
    var gateway: String {
        let octets = subnet.split(separator: "/")[0].split(separator: ".").compactMap { UInt32($0) }
        let value = octets.reduce(0) { $0 << 8 | $1 } + 1
        return [24, 16, 8, 0].map { String(value >> $0 & 255) }.joined(separator: ".")
    }
}

/// Where a machine's parts lie.
struct LabMachinePaths {
    let directory: String

    init(_ configuration: LabConfiguration, _ host: LabHost) {
        directory = "\(configuration.stateDirectory)/hosts/\(host.name)"
    }

    var upper: String { directory + "/upper" }
    var work: String { directory + "/work" }
    var root: String { directory + "/root" }
    /// An ordinary directory: containerd's overlay snapshots cannot lie on an overlay.
    var varLib: String { directory + "/var-lib" }
    var console: String { directory + "/console.log" }
    /// The process id of systemd-nspawn and its start time.
    var process: String { directory + "/process" }
}
