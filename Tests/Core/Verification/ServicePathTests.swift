import Testing

@testable import ProvisionCore

@Suite struct ServicePathTests {
    private let table = NATTable(
        saved: """
            *nat
            -A KUBE-NODEPORTS -p tcp -m comment --comment "default/nginx" -m tcp --dport 30080 -j KUBE-MARK-MASQ
            -A KUBE-NODEPORTS -p tcp -m comment --comment "default/nginx" -m tcp --dport 30080 -j KUBE-SVC-A
            -A KUBE-NODEPORTS -p tcp -m comment --comment "default/new" -m tcp --dport 30081 -j KUBE-EXT-B
            -A KUBE-EXT-B -j KUBE-MARK-MASQ
            -A KUBE-EXT-B -j KUBE-SVC-B
            -A KUBE-SERVICES -d 10.32.0.172/32 -p tcp -m comment --comment "default/nginx cluster IP" -m tcp --dport 80 -j KUBE-SVC-A
            -A KUBE-SVC-A -m comment --comment "default/nginx" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-1
            -A KUBE-SVC-A -m comment --comment "default/nginx" -j KUBE-SEP-2
            -A KUBE-SEP-1 -s 10.200.0.5/32 -j KUBE-MARK-MASQ
            -A KUBE-SEP-1 -p tcp -m tcp -j DNAT --to-destination 10.200.0.5:80
            -A KUBE-SEP-2 -p tcp -m tcp -j DNAT --to-destination 10.200.1.7:80
            COMMIT
            """
    )

    private let endpoints: [ServicePath.Endpoint] = [
        .init(chain: "KUBE-SEP-1", share: 0.5, destination: "10.200.0.5:80"),
        .init(chain: "KUBE-SEP-2", share: 0.5, destination: "10.200.1.7:80"),
    ]

    @Test func `a cluster address leads to its endpoints with their shares`() {
        let path = ServicePath.clusterAddress(table, address: "10.32.0.172", port: 80)
        #expect(path == ServicePath(chain: "KUBE-SVC-A", entry: ["KUBE-SERVICES"], endpoints: endpoints))
    }

    @Test func `a node port leads there too, in younger versions over a chain of its own`() {
        let old = ServicePath.nodePort(table, port: 30080)
        #expect(
            old == ServicePath(chain: "KUBE-SVC-A", entry: ["KUBE-SERVICES", "KUBE-NODEPORTS"], endpoints: endpoints)
        )
        let new = ServicePath.nodePort(table, port: 30081)
        #expect(new?.entry == ["KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-EXT-B"])
        #expect(new?.chain == "KUBE-SVC-B")
    }

    @Test(arguments: [("10.32.0.1", 80), ("10.32.0.172", 443)])
    func `an address or port that no rule names has no path`(address: String, port: Int) {
        #expect(ServicePath.clusterAddress(table, address: address, port: port) == nil)
    }

    @Test func `a service is read from what the API said`() throws {
        let output = """
            service 10.32.0.172 80 30080
            port 8080
            endpoint 10.200.0.5 worker-0 nginx-a
            endpoint 10.200.1.7
            """
        let service = try #require(TracedService(namespace: "default", name: "nginx", output: output))
        #expect(service.nodePort == 30080)
        #expect(service.endpoints.map(\.port) == [8080, 8080])
        #expect(service.endpoints.map(\.pod) == ["nginx-a", "-"])
        #expect(TracedService(namespace: "d", name: "n", output: "service Error from server (NotFound)") == nil)
    }
}
