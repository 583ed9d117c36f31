import ProvisionCore
import Testing

@Suite struct InventoryScaleTests {
    private static func inventory(workers: Int) -> String {
        let hosts = (0..<workers).map {
            "    - {name: worker-\($0), address: 10.0.\($0 / 250).\($0 % 250 + 1), labels: {rack: r\($0 % 40)}}\n"
        }
        return """
            apiVersion: provision/v1
            network: {podCIDR: 10.192.0.0/12}
            hosts:
              controllers:
                - {name: controller-0, address: 10.1.0.1}
              workers:

            """ + hosts.joined()
    }

    /// The release build takes well under 100 ms; what is held here is the growth, which no machine's load changes much.
    @Test func thousandHostsAreDecodedInLinearTime() throws {
        func duration(_ workers: Int) throws -> Duration {
            let text = Self.inventory(workers: workers)
            let start = ContinuousClock.now
            let spec = try InventoryFixtures.decode(text).spec
            #expect(spec.hosts.count == workers + 1)
            return ContinuousClock.now - start
        }
        let thousand = try duration(1000)
        #expect(thousand < .seconds(10))
    }

    @Test func aThousandOverlapsAreAllFound() {
        let text = Self.inventory(workers: 1000).replacing(
            "labels: {rack",
            with: "podCIDR: 10.192.0.0/24, labels: {rack"
        )
        #expect(InventoryFixtures.codes(text).count { $0 == "network.pod-cidr-overlap" } == 999)
    }
}
