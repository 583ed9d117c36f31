import ProvisionCore
import Templates
import Testing

@Suite struct LoadBalancerTests {
    @Test func `two load balancers are one virtual router with different priorities`() async throws {
        let plan = try await SamplePlan.make("ha-two-load-balancers.yaml").plan
        let configs = plan.lanes.flatMap(\.resources).compactMap { ($0 as? FileResource)?.file }
            .filter { $0.path == "/etc/keepalived/keepalived.conf" }
        #expect(configs.count == 2)
        func values(_ key: String) -> [String] {
            configs.flatMap { $0.text.split(separator: "\n") }.map { $0.split(separator: " ").map(String.init) }
                .filter { $0.first == key }.compactMap(\.last)
        }
        #expect(values("virtual_router_id") == ["100", "100"])
        #expect(Set(values("priority")).count == 2)
        #expect(Set(values("unicast_src_ip")) == ["10.2.0.8", "10.2.0.9"])
    }
}
