import ProvisionCore
import Templates
import Testing

@Suite struct RouteResourceTests {
    private func resource() throws -> RouteResource {
        RouteResource(
            destination: try #require(CIDR("10.200.1.0/24")),
            gateway: try #require(IPv4Address("192.168.2.6")),
            reason: "a test"
        )
    }

    @Test(arguments: [
        ("10.200.1.0/24 via 192.168.2.6 dev eth0 proto 86", "same: is in the kernel"),
        ("10.200.1.0/24 via 192.168.2.6 dev eth0", "same: is in the kernel"),
        ("", "change: is missing -> route 10.200.1.0/24 via 192.168.2.6"),
        (
            "10.200.1.0/24 via 192.168.2.9 dev eth0 proto 86",
            "change: goes via 192.168.2.9 -> route 10.200.1.0/24 via 192.168.2.6"
        ),
        (
            "10.200.1.0/24 via 192.168.2.9 dev eth0 proto bird",
            "refused: a foreign route holds 10.200.1.0/24: 10.200.1.0/24 via 192.168.2.9 dev eth0 proto bird"
        ),
        (
            "10.200.1.0/24 via 192.168.2.9 dev eth0",
            "refused: a foreign route holds 10.200.1.0/24: 10.200.1.0/24 via 192.168.2.9 dev eth0"
        ),
        (
            "10.200.1.0/24 dev cni0 proto kernel scope link",
            "refused: a foreign route holds 10.200.1.0/24: 10.200.1.0/24 dev cni0 proto kernel scope link"
        ),
    ])
    func `an answer gives its verdict`(_ answer: String, _ outline: String) throws {
        #expect(try resource().outline(answer) == outline)
    }

    @Test func `a route that is set can be told from foreign ones`() throws {
        #expect(try resource().scripts("") == ["ip -4 route replace 10.200.1.0/24 via 192.168.2.6 proto 86"])
    }
}
