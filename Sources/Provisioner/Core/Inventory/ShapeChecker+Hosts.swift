import Templates

/// Hosts are written as a name or as a table; an address or a longer name alone is neither.
extension ShapeChecker {
    /// Whether a value may be the name of a host or a host.
    static func isHost(_ shape: InventoryShape) -> Bool {
        guard case .either(let shapes) = shape else { return false }
        return shapes.contains { shape in
            guard case .object(let object) = shape else { return false }
            return object.keys.first?.name == HostKeys.host.keys.first?.name
        }
    }

    /// - Returns: Whether the value was refused, with the entry that was probably meant.
    mutating func refusesAsHost(_ value: LocatedValue, name: String, index: Int) -> Bool {
        guard let text = value.text, let kind = Self.kind(text) else { return false }
        let role = name == "loadBalancers" ? "lb" : name.last == "s" ? String(name.dropLast()) : name
        let isAddress = IPv4Address(text) != nil
        let host = isAddress ? "\(role)-\(index)" : String(text.prefix { $0 != "." })
        let inside = isAddress ? "" : ", internalAddress: A.B.C.D"
        let entry = "{ name: \(host), address: \(text)\(inside) }"
        problems.add(
            "inventory.name",
            at: value.mark,
            "`\(text)` is \(kind); a host needs a name too",
            fix: "write `\(name == "client" ? "client: " : "- ")\(entry)`"
        )
        return true
    }

    private static func kind(_ text: String) -> String? {
        if IPv4Address(text) != nil { return "an address" }
        return text.contains(".") && TextRules.isAddressOrName(text) ? "a DNS name" : nil
    }
}
