/// How many hosts of a group may be out of service at once: a number, or a share of them.
package enum MaxUnavailable: Sendable, Hashable, CustomStringConvertible {
    case count(Int)
    case percent(Int)

    /// Reads `2` or `25%`; a number must be at least 1, a share lie between 1 % and 100 %.
    package init?(_ text: some StringProtocol) {
        let isShare = text.hasSuffix("%")
        guard text.first?.isNumber ?? false, let number = Int(isShare ? text.dropLast() : text[...]), number >= 1,
            !isShare || number <= 100
        else { return nil }
        self = isShare ? .percent(number) : .count(number)
    }

    package var description: String {
        switch self {
        case .count(let number): "\(number)"
        case .percent(let share): "\(share)%"
        }
    }

    /// How many of so many members may be away; shares are rounded down, as Kubernetes does, but one always may.
    package func width(among members: Int) -> Int {
        switch self {
        case .count(let number): max(1, min(number, members))
        case .percent(let share): max(1, members * share / 100)
        }
    }

    /// Members in waves, in their order.
    package func waves<Member>(of members: [Member]) -> [[Member]] {
        let width = width(among: members.count)
        return stride(from: 0, to: members.count, by: width).map { Array(members[$0..<min($0 + width, members.count)]) }
    }
}
