import Foundation
import Templates

/// The lab's own network: a bridge, and a worse `unreachable` route so that no packet for a lab address leaves this machine.
struct LabNetwork {
    let configuration: LabConfiguration
    /// Worse than any route that a person sets.
    private static let metric = "4278198272"

    /// Refuses a subnet that is already somebody's.
    func requireFree() async throws {
        let routes = try await Tool.run("ip", ["-4", "route", "show", "table", "all"])
        if let other = Self.conflict(in: routes, subnet: configuration.subnet, bridge: configuration.bridge) {
            throw LabError(
                .subnetInUse,
                subject: configuration.subnet,
                attempted: "take the subnet for the lab `\(configuration.name)`",
                reason: "this machine already routes it: \(other)",
                remedy: "choose another subnet and addresses in the inventory"
            )
        }
    }

    /// Makes bridge and route where they are missing; the subnet is written down first, since an edit forgets it.
    func up() async throws {
        let subnets = try await taken().union([configuration.subnet])
        try subnets.sorted().joined(separator: "\n")
            .write(toFile: configuration.subnetsFile, atomically: true, encoding: .utf8)
        if try await !stands() {
            try await Tool.run("ip", ["link", "add", "name", configuration.bridge, "type", "bridge"])
        }
        try await Tool.run(
            "ip",
            ["addr", "replace", "\(configuration.gateway)/\(configuration.prefixLength)", "dev", configuration.bridge]
        )
        try await Tool.run("ip", ["link", "set", configuration.bridge, "up"])
        try await Tool.run("ip", ["route", "replace", "unreachable", configuration.subnet, "metric", Self.metric])
    }

    func down(_ subnets: Set<String>) async throws {
        let own = Self.own(subnets, routes: try await routes(), bridge: configuration.bridge)
        _ = try await Tool.output("ip", ["link", "del", "dev", configuration.bridge])
        for subnet in own.sorted() {
            _ = try await Tool.output("ip", ["route", "del", "unreachable", subnet, "metric", Self.metric])
        }
    }

    func stands() async throws -> Bool {
        try await Tool.output("ip", ["link", "show", "dev", configuration.bridge]).status == 0
    }

    /// The subnets that this lab has or had: what `up` wrote down, and what its bridge holds.
    func taken() async throws -> Set<String> {
        let record = (try? String(contentsOfFile: configuration.subnetsFile, encoding: .utf8)) ?? ""
        let bridge = try await Tool.output("ip", ["-4", "-o", "addr", "show", "dev", configuration.bridge]).text
        return Self.subnets(record: record, bridge: bridge)
    }

    /// Our `unreachable` routes that still stand.
    func left(of subnets: Set<String>) async throws -> [String] {
        let routes = try await routes()
        let own = Self.own(subnets, routes: routes, bridge: configuration.bridge)
        return Self.held(routes).filter { own.contains($0) }
    }

    /// Addresses whose packets would leave this machine.
    func uncovered(_ addresses: [String]) async throws -> [String] {
        Self.uncovered(addresses, routes: try await routes(), bridge: configuration.bridge)
    }

    private func routes() async throws -> String { try await Tool.output("ip", ["-4", "route", "show"]).text }

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

    static func subnets(record: String, bridge: String) -> Set<String> {
        let held = bridge.split(separator: "\n").compactMap { line -> String? in
            let words = line.split(separator: " ")
            guard let place = words.firstIndex(of: "inet"), place + 1 < words.count else { return nil }
            let parts = words[place + 1].split(separator: "/")
            guard parts.count == 2, let address = IPv4Address(parts[0]), let length = Int(parts[1]) else { return nil }
            return CIDR(address: address, prefixLength: length)?.description
        }
        return Set(record.split(whereSeparator: \.isWhitespace).map(String.init) + held)
    }

    /// Without those that another lab has taken since: its packets must stay here too.
    static func own(_ subnets: Set<String>, routes: String, bridge: String) -> Set<String> {
        let taken = lines(routes).filter { words in
            words.contains { $0.hasPrefix(LabConfiguration.bridgePrefix) } && !words.contains(bridge)
        }
        return subnets.subtracting(taken.compactMap(\.first))
    }

    /// An address stays here where the bridge has it, and the worse route should the bridge go; names are not judged.
    static func uncovered(_ addresses: [String], routes: String, bridge: String) -> [String] {
        let behind = lines(routes).filter { $0.contains(bridge) }.compactMap { $0.first.flatMap(range) }
        let worse = held(routes).compactMap(range)
        return addresses.filter { address in
            guard let bits = range(address)?.lowerBound else { return false }
            return !behind.contains { $0.contains(bits) } || !worse.contains { $0.contains(bits) }
        }
    }

    /// What labs' `unreachable` routes hold.
    private static func held(_ routes: String) -> [String] {
        lines(routes).filter { $0.first == "unreachable" && $0.contains(metric) }.compactMap { $0.dropFirst().first }
    }

    private static func lines(_ routes: String) -> [[String]] {
        routes.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
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
