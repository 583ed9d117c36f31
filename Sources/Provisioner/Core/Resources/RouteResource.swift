package import Templates

/// One kernel route to a worker's pod network.
///
/// Our routes carry a routing protocol number of their own, so that a foreign route to the same network is told from
/// one of ours and is never replaced.
package struct RouteResource: Resource {
    /// The same in the kernel as in the unit that sets them at boot.
    package static let protocolNumber = PodRoutesUnit.protocolNumber

    package let destination: CIDR
    package let gateway: IPv4Address
    package let reason: String

    package init(destination: CIDR, gateway: IPv4Address, reason: String) {
        self.destination = destination
        self.gateway = gateway
        self.reason = reason
    }

    package var id: String { "route:\(destination)" }
    package var title: String { "\(destination) via \(gateway)" }
    package var digest: String { "\(gateway)" }
    package var probe: Probe { .script("ip -4 route show exact \(destination)") }

    package func verdict(for answer: ProbeAnswer, changed: Set<String>) -> Verdict {
        let words = answer.words
        guard !words.isEmpty else { return .change("is missing", [set(.create)]) }
        let via = words.firstIndex(of: "via").map { words.dropFirst($0 + 1).first ?? "" } ?? ""
        if via == gateway.description { return .same("is in the kernel") }
        let protocolWord = words.firstIndex(of: "proto").flatMap { words.dropFirst($0 + 1).first }
        guard protocolWord == String(Self.protocolNumber) else {
            return .refused(
                "a foreign route holds \(destination): \(answer.text)",
                remedy: "remove that route, or give the worker another podCIDR"
            )
        }
        return .change("goes via \(via)", [set(.update)])
    }

    private func set(_ kind: Action.Kind) -> Action {
        Action(
            kind: kind,
            title: "route \(destination) via \(gateway)",
            script: "ip -4 route replace \(destination) via \(gateway) proto \(Self.protocolNumber)"
        )
    }
}
