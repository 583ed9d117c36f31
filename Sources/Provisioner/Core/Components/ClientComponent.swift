/// kubectl and the admin kubeconfig on the client host.
struct ClientComponent: Component {
    func stages(for host: HostSpec, in context: ComponentContext) -> [Stage] {
        guard host.has(.client) else { return [] }
        let kubectl = context.binaries(["kubectl"], reason: "the people's way to the API")
        let kubeconfig = FileResource(
            context.rendering.clientKubeconfig(),
            reason: "kubectl finds the cluster without a flag"
        )
        let directory = DirectoryResource("/root/.kube", mode: 0o700, reason: "kubectl's own directory")
        let health = Health.check(
            "client",
            title: "kubectl reaches the API",
            reason: "the way that people use",
            unit: "-",
            command: "timeout 8 kubectl --kubeconfig /root/.kube/config --request-timeout 5s get nodes -o name",
            seconds: 60
        )
        return [
            Stage("client-files", resources: kubectl + [directory, kubeconfig]),
            Stage("client", needs: [.loadBalancerReady, .accessGranted], resources: [health]),
        ]
    }
}
