import Foundation

/// The lab's own network: a bridge, and a worse `unreachable` route so that no packet for a lab address leaves this machine.
struct LabNetwork {
    let configuration: LabConfiguration
    /// Worse than any route that a person sets.
    private static let metric = "4278198272"

    /// Refuses a subnet that is already somebody's, then makes bridge and route where they are missing.
    func up() async throws {
        let routes = try await Tool.run("ip", ["-4", "route", "show", "table", "all"])
        if let other = Self.conflict(in: routes, subnet: configuration.subnet, bridge: configuration.bridge) {
            throw LabError(
                .subnetInUse,
                subject: configuration.subnet,
                attempted: "take the subnet for the lab \(configuration.name)",
                reason: "this machine already routes it: \(other)",
                remedy: "choose another subnet and addresses in the inventory"
            )
        }
        if try await Tool.output("ip", ["link", "show", "dev", configuration.bridge]).status != 0 {
            try await Tool.run("ip", ["link", "add", "name", configuration.bridge, "type", "bridge"])
        }
        try await Tool.run(
            "ip",
            ["addr", "replace", "\(configuration.gateway)/\(configuration.prefixLength)", "dev", configuration.bridge]
        )
        try await Tool.run("ip", ["link", "set", configuration.bridge, "up"])
        try await Tool.run("ip", ["route", "replace", "unreachable", configuration.subnet, "metric", Self.metric])
    }

    func down() async throws {
        _ = try await Tool.output("ip", ["link", "del", "dev", configuration.bridge])
        _ = try await Tool.output("ip", ["route", "del", "unreachable", configuration.subnet, "metric", Self.metric])
    }

    func isUp() async throws -> Bool {
        try await Tool.output("ip", ["link", "show", "dev", configuration.bridge]).status == 0
    }

    /// The first foreign route that covers a part of the subnet; the default route does not count.
    static func conflict(in routes: String, subnet: String, bridge: String) -> String? {
        guard let wanted = range(subnet) else { return nil }
        return routes.split(separator: "\n").map(String.init).first { line in
            var words = line.split(separator: " ").map(String.init)
            if line.contains("dev \(bridge)") || words.first == "default" { return false }
            if words.first == "unreachable", words.contains(metric) { return false }
            if ["local", "broadcast", "unreachable", "blackhole"].contains(words.first ?? "") { words.removeFirst() }
            guard let first = words.first, let range = range(first) else { return false }
            return range.overlaps(wanted)
        }
    }

    private static func range(_ text: String) -> ClosedRange<UInt32>? {
        let parts = text.split(separator: "/")
        let octets = parts.first?.split(separator: ".").compactMap { UInt32($0) } ?? []
        guard octets.count == 4, let length = parts.count == 2 ? UInt32(parts[1]) : 32, length <= 32 else { return nil }
        let value = octets.reduce(0) { $0 << 8 | $1 }
        let mask: UInt32 = length == 0 ? 0 : ~0 << (32 - length)
        return (value & mask)...(value | ~mask)
    }
}
