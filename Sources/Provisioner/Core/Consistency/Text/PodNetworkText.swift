import Templates

/// A pod network as a node's CNI configuration names it.
struct PodNetworkText {
    let place: ConsistencyViolation.Place
    let text: String

    /// `nil` where the text is no network.
    var cidr: CIDR? { CIDR(text) }
}

extension RenderedHost {
    /// The subnets of the CNI configuration.
    var podNetworks: [PodNetworkText] {
        documents.filter { $0.key.hasPrefix("/etc/cni/") }.sorted { $0.key < $1.key }.flatMap { path, documents in
            documents.flatMap(\.scalars).filter { $0.key.hasSuffix(".subnet") }.map {
                PodNetworkText(place: place("\(path) subnet"), text: $0.value)
            }
        }
    }
}
