/// As whom a unit's process opens files.
struct UnitAccount {
    let user: String
    let group: String
    /// Whether modes do not bind it: root, unless its capabilities were taken away.
    let overridesModes: Bool

    init(_ unit: UnitText) {
        user = unit.user
        group = unit.group
        let capabilities = unit.values("CapabilityBoundingSet").last
        overridesModes =
            unit.user == "root" && (capabilities.map { $0.contains("CAP_DAC_") } ?? true)
    }

    /// Whether every wanted bit (4 read, 2 write, 1 execute or enter) is granted.
    func may(_ bits: UInt16, _ entry: Providers.Entry) -> Bool {
        if overridesModes { return true }
        let shift: UInt16 = entry.owner == user ? 6 : entry.group == group ? 3 : 0
        return entry.mode >> shift & bits == bits
    }
}
