import ProvisionCore
import ProvisionLab
import Templates

/// Packets for a lab's addresses must not leave this machine: no connection is opened unless the lab stands.
enum LabGuard {
    static func check(_ spec: ClusterSpec, _ places: Places) async throws {
        guard let lab = LabAccess.lab(of: spec, places) else { return }
        guard try await lab.isUp() else {
            throw CommandFailure(
                "the lab \(lab.configuration.name) is not up, and the hosts of this inventory are its machines",
                remedy: "provision lab up --inventory INVENTORY",
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
