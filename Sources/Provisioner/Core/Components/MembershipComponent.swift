import Templates

/// Asks the cluster who is a member: nodes on the first controller, members of etcd on the first of them.
struct MembershipComponent: Component {
    func stages(for host: HostSpec, in context: ComponentContext) -> [Stage] {
        let asksAPI = host.name == context.spec.hosts(.controller).first?.name
        let asksEtcd = host.name == context.spec.hosts(.etcd).first?.name
        guard asksAPI || asksEtcd else { return [] }
        let address = asksEtcd ? host.internalAddress.description : nil
        return [Stage("members", resources: [ClusterTruthResource(asksAPI: asksAPI, etcdAddress: address)])]
    }
}
