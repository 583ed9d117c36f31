import ArgumentParser
import ProvisionCore
import ProvisionEngine

/// `provision trace`: the way of a request to a service, hop by hop.
struct TraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Follow a request to a service: load balancer, iptables chains, route, container; read-only.",
        discussion: """
            EXAMPLES:
              provision trace default/nginx inventory.yaml
              provision trace --from worker-2 kube-system/kube-dns inventory.yaml
              provision trace -o json default/nginx inventory.yaml

            Exit status: 0 every hop answered, 6 one did not.
            """
    )

    @Argument(help: "NAMESPACE/SERVICE.") var service: String
    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: "The worker whose chains are followed; default: the first.")
    var from: String?

    @OptionGroup var format: FormatOptions

    func run() async throws {
        let console = output.console
        try await reporting(console) { try await run(console) }
    }

    private func run(_ console: Console) async throws {
        let (namespace, name) = try names()
        let inventory = try LoadedInventory(options.inventory, console: console)
        guard inventory.spec.features.proxyMode == .iptables else {
            throw CommandFailure(
                "this cluster's kube-proxy uses \(inventory.spec.features.proxyMode.rawValue), and trace follows iptables",
                remedy: "look at: nft list table ip kube-proxy",
                status: .failed
            )
        }
        try await LabGuard.check(inventory.spec, Places(), inventory: options.inventory)
        let context = RunContext(verb: "trace", inventory: inventory, console: console)
        let connector = HostConnector(inventory.spec, options, console, context: context)
        let tracer = Tracer(spec: inventory.spec, sessions: SessionPool(connector: connector))
        let worker = try worker(inventory.spec)
        let hops = try await tracer.trace(namespace: namespace, name: name, from: worker)
        await tracer.sessions.close()
        if format.isJSON {
            let service = (namespace: namespace, name: name)
            let document = TraceDocument(hops, to: service, from: worker.name, cluster: inventory.spec.name)
            console.result(JSONOutput.text(document))
        } else {
            lines(hops, console).forEach(console.result)
        }
        if hops.contains(where: { !$0.isWell }) { throw ExitStatus.gateFailed.code }
    }

    private func lines(_ hops: [TraceHop], _ console: Console) -> [String] {
        let width = hops.map(\.host.count).max() ?? 0
        return hops.map { hop in
            let sign = hop.isWell ? console.paint("√", .green) : console.paint("×", .red)
            return "\(sign) \(hop.host.padding(to: width))  \(Sanitised.text(hop.text))"
        }
    }

    private func names() throws -> (String, String) {
        let parts = service.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let isLabel = { (text: String) in
            !text.isEmpty && text.utf8.count <= 63
                && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
        }
        guard parts.count == 2, parts.allSatisfy(isLabel) else {
            throw CommandFailure(
                "\(service) is not NAMESPACE/SERVICE",
                remedy: "provision trace default/nginx INVENTORY",
                status: .usage
            )
        }
        return (parts[0], parts[1])
    }

    private func worker(_ spec: ClusterSpec) throws -> HostSpec {
        let workers = spec.hosts(.worker)
        guard let worker = from.map({ name in workers.first { $0.name == name } }) ?? workers.first else {
            throw CommandFailure(
                "\(from ?? "the inventory") names no worker",
                remedy: "workers are \(workers.map(\.name).joined(separator: ", "))",
                status: .usage
            )
        }
        return worker
    }
}
