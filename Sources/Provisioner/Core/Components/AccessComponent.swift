import Templates

/// The binding that makes administrators.
package enum AccessBinding {
    /// Of the resource that makes it.
    package static let id = "access:administrators"
}

/// Who may do what, and the Node objects: written once, from one controller.
struct AccessComponent: Component {
    func stages(for host: HostSpec, in context: ComponentContext) -> [Stage] {
        guard host.has(.controller) else { return [] }
        let rendering = context.rendering
        let admin = FileResource(
            rendering.adminKubeconfig(server: "https://127.0.0.1:6443"),
            reason: "root's own way to this API server"
        )
        let files = Stage("access-files", resources: [admin])
        guard context.leads(host) else { return [files] }
        let access = Manifest(
            file: rendering.accessManifest(),
            reason: "RBAC for administrators and for the API server at kubelets"
        )
        let nodes = rendering.nodesManifest()
        let objects = Manifest(
            file: nodes.rendered(),
            reason: "nodes exist with their pod networks before kubelets join"
        )
        return [
            files,
            Stage(
                "access",
                needs: [.apiServerReady],
                opens: [.accessGranted],
                resources: [bootstrap(context)] + access.resources()
            ),
            Stage(
                "nodes",
                needs: [.apiServerReady],
                opens: [.nodesRegistered],
                resources: [objects.source, NodeObjectsResource(manifest: objects, nodes: nodes.nodes)]
            ),
        ]
    }

    /// The first binding needs a right that nobody has yet but `system:masters`; its certificate lives for an hour, in memory.
    private func bootstrap(_ context: ComponentContext) -> CommandResource {
        CommandResource(
            id: AccessBinding.id,
            title: "administrators may administer",
            reason: "the group of the admin certificate is bound to cluster-admin",
            check: "kc auth can-i '*' '*' --all-namespaces",
            action: Action(
                kind: .update,
                title: "bind the administrators' group",
                script: context.materials.leaves["break-glass"] == nil ? Self.unsigned : binding(context),
                seconds: 120
            )
        )
    }

    private func binding(_ context: ComponentContext) -> String {
        let way = context.rendering.breakGlassKubeconfig(server: "https://127.0.0.1:6443")
        return """
            mkdir -p /run/provision; cd /run/provision; trap 'rm -f bootstrap.conf bootstrap.yaml' EXIT
            \(HereDocument(content: way.content).feeding("cat > bootstrap.conf"))
            \(HereDocument(content: context.rendering.accessManifest().content).feeding("cat > bootstrap.yaml"))
            await 60 kube-apiserver.service kubectl --kubeconfig bootstrap.conf apply -f bootstrap.yaml
            await 30 kube-apiserver.service kc auth can-i '*' '*' --all-namespaces
            """
    }

    /// Where the authority's key lies elsewhere, this certificate too must be signed there.
    private static let unsigned = """
        echo 'the request break-glass.csr in the credential store is not signed yet; sign it for an hour, apply again'; exit 1
        """
}
