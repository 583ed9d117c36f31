/// An IPv4 address in network order, so that arithmetic and comparison are plain integers.
package struct IPv4Address: Sendable, Hashable, Comparable, CustomStringConvertible {
    package var bits: UInt32

    package init(bits: UInt32) { self.bits = bits }

    /// Reads four decimal octets; leading zeros are refused, because some parsers read them as octal.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                part == "0" || part.first != "0", let octet = UInt8(part)
            else { return nil }
            bits = bits << 8 | UInt32(octet)
        }
        self.bits = bits
    }

    package var description: String {
        "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
    }

    /// Why it is no host's address, in words (RFC 6890), or `nil` where it may be one.
    ///
    /// Zero stands for an address that was not given and is judged elsewhere.
    package var unusable: String? {
        switch bits >> 24 {
        case 127: "a loopback address"
        case 224...239: "a multicast address"
        case 240...255: bits == .max ? "the broadcast address" : "reserved"
        case 0 where bits != 0: "not an address of a host"
        default: nil
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }
}
