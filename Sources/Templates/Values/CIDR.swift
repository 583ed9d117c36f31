/// An IPv4 network: its first address and the length of its prefix.
package struct CIDR: Sendable, Hashable, CustomStringConvertible {
    package let network: IPv4Address
    /// 0 to 32.
    package let prefixLength: Int

    /// Clears the host bits of the address.
    package init?(address: IPv4Address, prefixLength: Int) {
        guard (0...32).contains(prefixLength) else { return nil }
        self.prefixLength = prefixLength
        network = IPv4Address(bits: address.bits & Self.mask(prefixLength))
    }

    /// Reads `a.b.c.d/n`; an address with host bits set is refused, because it is more often a slip than a wish.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPv4Address(parts[0]), parts[1].utf8.count <= 2,
            let length = Int(parts[1]), (0...32).contains(length), address.bits & ~Self.mask(length) == 0
        else { return nil }
        self.init(address: address, prefixLength: length)
    }

    private static func mask(_ length: Int) -> UInt32 { length == 0 ? 0 : ~UInt32(0) << UInt32(32 - length) }

    package var lastAddress: IPv4Address { IPv4Address(bits: network.bits | ~Self.mask(prefixLength)) }

    /// The address at an offset from the network address, `nil` beyond the network's end.
    package func address(at offset: UInt32) -> IPv4Address? {
        guard offset <= lastAddress.bits - network.bits else { return nil }
        return IPv4Address(bits: network.bits + offset)
    }

    package func contains(_ address: IPv4Address) -> Bool {
        address.bits & Self.mask(prefixLength) == network.bits
    }

    package func contains(_ other: CIDR) -> Bool {
        prefixLength <= other.prefixLength && contains(other.network)
    }

    package func overlaps(_ other: CIDR) -> Bool { contains(other) || other.contains(self) }

    package var description: String { "\(network)/\(prefixLength)" }
}
