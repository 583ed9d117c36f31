import Templates

/// The ranges of the notes.
enum NetworkDefaults {
    static let service = network(10, 32, 0, 0, length: 24)
    static let pod = network(10, 200, 0, 0, length: 16)

    private static func network(
        _ first: UInt32,
        _ second: UInt32,
        _ third: UInt32,
        _ fourth: UInt32,
        length: Int
    ) -> CIDR {
        let address = IPv4Address(bits: first << 24 | second << 16 | third << 8 | fourth)
        // The lengths above are within 0...32, so the initialiser cannot fail.
        return CIDR(address: address, prefixLength: length) ?? CIDR(address: address, prefixLength: 32) ?? any
    }

    private static var any: CIDR { network(0, 0, 0, 0, length: 0) }
}
