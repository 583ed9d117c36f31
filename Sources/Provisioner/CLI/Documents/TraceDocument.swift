import ProvisionCore

/// The way of a request for programs: a versioned contract.
struct TraceDocument: Encodable {
    struct Hop: Encodable {
        let host: String
        let well: Bool
        let text: String
    }

    let schema = Version.schema
    let cluster: String
    let namespace: String
    let service: String
    /// The worker whose chains were followed.
    let from: String
    /// Whether every hop answered.
    let well: Bool
    /// In the order of the way.
    let hops: [Hop]

    init(_ hops: [TraceHop], to service: (namespace: String, name: String), from worker: String, cluster: String) {
        self.cluster = cluster
        namespace = service.namespace
        self.service = service.name
        from = worker
        well = hops.allSatisfy(\.isWell)
        self.hops = hops.map { Hop(host: $0.host, well: $0.isWell, text: $0.text) }
    }
}
