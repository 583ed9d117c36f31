/// Cluster DNS, applied from one controller once a node can run it.
struct DNSComponent: Component {
    func stages(for host: HostSpec, in context: ComponentContext) -> [Stage] {
        guard context.leads(host), let manifest = context.rendering.dnsManifest() else { return [] }
        let name = context.spec.dns.provider.rawValue
        let available = "kc -n kube-system get deployment \(name) -o 'jsonpath={.status.availableReplicas}'"
        let health = Health.check(
            "dns",
            title: "cluster DNS runs",
            reason: "pods find services by name",
            unit: "-",
            command:
                "n=$(\(available)) && echo \"${n:-0} of \(context.spec.dns.replicas) replicas\" && [ \"${n:-0}\" -ge \(context.spec.dns.replicas) ]",
            seconds: 180
        )
        let objects = Manifest(file: manifest, reason: "cluster DNS at \(context.spec.network.clusterDNS)").resources()
        return [Stage("dns", needs: [.nodeReady, .accessGranted], resources: objects + [health])]
    }
}
