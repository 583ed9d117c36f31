import ProvisionCore

/// A cluster of one controller and one worker, at addresses that nobody has.
func twoHosts() throws -> ClusterSpec {
    let inventory = """
        apiVersion: provision/v1
        hosts:
          controllers: [{ name: one, address: 192.0.2.2 }]
          workers: [{ name: two, address: 192.0.2.3 }]
        """
    let context = InventoryContext(
        environment: [:],
        labPaths: { LabPaths(identityFile: $0, knownHostsFile: $0) },
        flagProblem: { _, _, _ in nil }
    )
    return try Inventory.decode(Array(inventory.utf8), path: "i", directory: "/i", context: context).spec
}
