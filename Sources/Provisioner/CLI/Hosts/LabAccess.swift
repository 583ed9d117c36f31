import ProvisionCore
import ProvisionLab
import Templates

/// Packets for a lab's addresses must not leave this machine: no connection is opened unless the lab stands.
enum LabGuard {
    /// - Parameters:
    ///   - spec: The cluster; one without a lab passes.
    ///   - places: Where labs are kept.
    ///   - inventory: Its path, for remedies.
    /// - Throws: `CommandFailure` where the lab is not up, or stands in another network.
    static func check(_ spec: ClusterSpec, _ places: Places, inventory: String) async throws {
        guard let lab = LabAccess.lab(of: spec, places) else { return }
        try await check(lab, dialled: spec.hosts.map(\.ssh.address), inventory: inventory)
    }

    static func check(_ lab: Lab, dialled: [String] = [], inventory: String) async throws {
        let name = lab.configuration.name
        guard try await lab.isUp() else {
            throw CommandFailure(
                "the lab `\(name)` is not up, and the hosts of this inventory are its machines",
                remedy: "provision lab up --inventory \(inventory)",
                status: .preflightFailed
            )
        }
        let outside = try await lab.uncovered(dialled)
        guard outside.isEmpty else {
            throw CommandFailure(
                "the lab `\(name)` stands in another network, and packets would leave this machine for "
                    + outside.joined(separator: ", "),
                remedy: "put lab.subnet and the addresses back; or make the machines anew, which keep theirs: "
                    + "provision lab down --inventory \(inventory), which forgets them, then up, then apply",
                status: .preflightFailed
            )
        }
    }
}

/// The lab that an inventory describes.
enum LabAccess {
    static func lab(of spec: ClusterSpec, _ places: Places) -> Lab? {
        spec.lab.map { lab in
            Lab(
                LabConfiguration(
                    name: lab.name,
                    subnet: lab.subnet,
                    hosts: spec.hosts.map { LabHost(name: $0.name, address: $0.internalAddress.description) },
                    stateDirectory: places.lab(lab.name),
                    cacheDirectory: places.cache
                )
            )
        }
    }
}
