import ArgumentParser
import Foundation
import ProvisionCore
import Templates

/// `provision init`: a commented inventory on standard output.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a commented inventory to standard output.",
        discussion: """
            EXAMPLES:
              provision init > inventory.yaml
              provision init --load-balancer 10.0.0.10 --controller 10.0.0.11 \\
                  --controller 10.0.0.12 --controller 10.0.0.13 \\
                  --worker 10.0.0.21 --worker 10.0.0.22 > inventory.yaml
              provision init --load-balancer 10.0.0.10 --load-balancer 10.0.0.11 \\
                  --virtual-address 10.0.0.9 --controller 10.0.0.12 \\
                  --worker 10.0.0.21 > inventory.yaml

            \(ExitStatusLine.text("0 written", .nothing))
            """
    )

    @Option(help: "The cluster's name.") var name = "kubernetes-the-hard-way"
    @Option(help: "The Kubernetes version.") var kubernetes = VersionDefaults.kubernetes.description
    @Option(name: .customLong("load-balancer"), help: "A load balancer's address; may be repeated.") var loadBalancers:
        [String] = []
    @Option(help: "A free address that moves between load balancers; two or more need it.") var virtualAddress: String?
    @Option(name: .customLong("controller"), help: "A controller's address; may be repeated.") var controllers:
        [String] = []
    @Option(name: .customLong("worker"), help: "A worker's address; may be repeated.") var workers: [String] = []
    @Option(help: "The login user.") var user = "root"

    func validate() throws {
        try requireAddresses()
        guard (virtualAddress != nil) != (loadBalancers.count > 1) else { return }
        throw ValidationError(
            virtualAddress == nil
                ? "\(loadBalancers.count) load balancers need an address that moves between them: --virtual-address ADDRESS"
                : "--virtual-address moves between load balancers: give two or more of --load-balancer"
        )
    }

    private func requireAddresses() throws {
        let given = [
            ("--load-balancer", loadBalancers), ("--virtual-address", virtualAddress.map { [$0] } ?? []),
            ("--controller", controllers), ("--worker", workers),
        ]
        for (option, addresses) in given {
            guard let bad = addresses.first(where: { IPv4Address($0) == nil }) else { continue }
            throw ValidationError("\(option) \(bad): not an IPv4 address, as 10.0.0.10 is one")
        }
    }

    func run() throws {
        let console = Console()
        let template = InventoryTemplate(
            name: name,
            kubernetes: kubernetes,
            loadBalancers: loadBalancers.isEmpty ? ["192.168.2.8"] : loadBalancers,
            virtualAddress: virtualAddress,
            controllers: controllers.isEmpty ? ["192.168.2.2", "192.168.2.3", "192.168.2.4"] : controllers,
            workers: workers.isEmpty ? ["192.168.2.5", "192.168.2.6", "192.168.2.7"] : workers,
            user: user,
            schema: "inventory.schema.json"
        )
        // What was asked for must be an inventory: it is read before it is written.
        _ = try LoadedInventory(
            Array(template.text.utf8),
            path: "inventory.yaml",
            directory: FileManager.default.currentDirectoryPath,
            console: console
        )
        console.result(template.text)
        if let samples { console.note(samples) }
    }

    /// The roles that nobody gave an address of; `nil` where all are given.
    var samples: String? {
        let roles = [("load balancers", loadBalancers), ("controllers", controllers), ("workers", workers)]
        let missing = roles.filter(\.1.isEmpty).map(\.0).joined(separator: ", ")
        return missing.isEmpty ? nil : "‼ \(missing): the sample's addresses; replace them before check or apply"
    }
}
