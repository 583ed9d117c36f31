import ProvisionCore
import Templates
import Testing

@Suite struct PodNetworkAllocationTests {
    private func allocate(
        _ given: [String?],
        from range: String = "10.200.0.0/16",
        length: Int = 24
    ) throws -> [String?] {
        let network = try #require(CIDR(range))
        return PodNetworkAllocation.allocate(
            given: given.map { $0.flatMap { CIDR($0) } },
            from: network,
            nodePrefixLength: length
        )
        .map { $0?.description }
    }

    @Test func positionDecides() throws {
        #expect(try allocate([nil, nil, nil]) == ["10.200.0.0/24", "10.200.1.0/24", "10.200.2.0/24"])
    }

    @Test func addingAtTheEndMovesNobody() throws {
        let before = try allocate([nil, "10.200.0.0/24", nil])
        let after = try allocate([nil, "10.200.0.0/24", nil, nil, nil])
        #expect(Array(after.prefix(3)) == before)
    }

    @Test func givenNetworksAreNeverHandedOutTwice() throws {
        let networks = try allocate([nil, nil, "10.200.0.0/23", nil, "10.200.255.0/24"])
        #expect(
            networks == ["10.200.254.0/24", "10.200.253.0/24", "10.200.0.0/23", "10.200.3.0/24", "10.200.255.0/24"]
        )
    }

    @Test func exhaustionIsSeen() throws {
        #expect(try allocate([nil, nil, nil], from: "10.0.0.0/23") == ["10.0.0.0/24", "10.0.1.0/24", nil])
        #expect(try allocate([nil, nil], from: "10.0.0.0/25") == ["10.0.0.0/25", nil])
    }

    @Test func everyAllocationIsDisjoint() throws {
        let given = (0..<256).map { $0.isMultiple(of: 3) ? "10.200.\(255 - $0).0/24" : nil }
        let networks = try allocate(given).compactMap { $0 }
        #expect(networks.count == 256)
        #expect(Set(networks).count == 256)
    }
}
