/// What etcd reads only while it has no data: who the members are, and whether their cluster exists already.
///
/// Beside the unit and not in it, since etcd ignores both once it has data: members come and go without a restart.
package struct EtcdBootstrap: Sendable {
    package enum ClusterState: String, Sendable, Hashable { case new, existing }

    /// One member as every member lists it.
    package struct Member: Sendable, Hashable {
        package var name: String
        package var address: IPv4Address

        package init(name: String, address: IPv4Address) {
            self.name = name
            self.address = address
        }
    }

    /// All members, the host itself included.
    package var members: [Member]
    package var state: ClusterState
    /// Flags that the unit gives itself: etcd refuses a variable beside its flag.
    package var overridden: Set<String>
    package var paths: HostPaths

    package init(
        members: [Member],
        state: ClusterState,
        overridden: Set<String> = [],
        paths: HostPaths = .standard
    ) {
        self.members = members
        self.state = state
        self.overridden = overridden
        self.paths = paths
    }

    /// The variable that stands for a flag.
    package static func variable(_ flag: String) -> String {
        "ETCD_" + flag.uppercased().replacing("-", with: "_")
    }

    package func rendered() -> RenderedFile {
        let cluster = members.map { "\($0.name)=https://\($0.address):2380" }.joined(separator: ",")
        let settings = [("initial-cluster", cluster), ("initial-cluster-state", state.rawValue)]
        let lines = settings.filter { !overridden.contains($0.0) }.map { "\(Self.variable($0.0))=\($0.1)" }
        return RenderedFile(
            path: paths.etcdBootstrap,
            text: (["# Read by etcd only while it has no data."] + lines).joined(separator: "\n") + "\n",
            mode: 0o600,
            secrecy: .open
        )
    }
}
