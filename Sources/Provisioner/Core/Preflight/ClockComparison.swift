/// Clocks of hosts beside each other and beside this machine's, which dates every certificate.
///
/// A clock is called wrong only where most of three or more hosts agree; else two of them differ, and no more is known.
package struct ClockComparison: Sendable {
    /// Who stands in results for the machine that runs this.
    package static let here = "this machine"
    /// How far apart clocks may be, in milliseconds: a tenth of what leaves are back-dated.
    private static let limit = 30_000
    /// From here on it is worth a word.
    private static let notable = 2000

    /// Milliseconds that a host's clock is ahead of this machine's.
    private let offsets: [String: Int]
    /// The median of the hosts, where most of them are near it.
    private let agreed: Int?

    /// Compares.
    ///
    /// - Parameter offsets: Milliseconds that each host's clock is ahead of this machine's.
    package init(_ offsets: [String: Int]) {
        self.offsets = offsets
        let median = Self.median(offsets.values.sorted())
        let near = offsets.values.count { abs($0 - median) <= Self.limit }
        agreed = offsets.count > 2 && near * 2 > offsets.count ? median : nil
    }

    /// The line about one host; `nil` where it was not asked.
    package func result(of host: String) -> PreflightResult? { skew(of: host).map(line) }

    /// The line about this machine; `nil` where hosts do not say what time it is.
    package var own: PreflightResult? { ownSkew.map(line) }

    /// Clocks that certificates must not be issued under, the worst first.
    package var failures: [PreflightResult] {
        var all: [Skew] = offsets.keys.sorted().compactMap { skew(of: $0) }
        if let ownSkew { all.append(ownSkew) }
        return all.filter { $0.size > Self.limit }.sorted { $0.size > $1.size }.map(line)
    }

    /// A clock beside the one that it is held against.
    private struct Skew {
        var subject: String
        var other: String
        var milliseconds: Int
        var size: Int { abs(milliseconds) }
    }

    private static let hosts = "the median of the hosts"

    private static func median(_ sorted: [Int]) -> Int { sorted.isEmpty ? 0 : sorted[sorted.count / 2] }

    private var ownSkew: Skew? {
        agreed.map { Skew(subject: Self.here, other: Self.hosts, milliseconds: -$0) }
    }

    private func skew(of host: String) -> Skew? {
        guard let offset = offsets[host] else { return nil }
        if let agreed { return Skew(subject: host, other: Self.hosts, milliseconds: offset - agreed) }
        var farthest = Skew(subject: host, other: Self.here, milliseconds: offset)
        for (other, time) in offsets.sorted(by: { $0.key < $1.key }) where abs(offset - time) > farthest.size {
            farthest = Skew(subject: host, other: other, milliseconds: offset - time)
        }
        return farthest
    }

    private func line(_ skew: Skew) -> PreflightResult {
        let id = skew.subject == Self.here ? "clock.operator" : "clock.skew"
        let text = "\(skew.size) ms \(skew.milliseconds < 0 ? "behind" : "ahead of") \(skew.other)"
        guard skew.size > Self.notable else { return .init(id, skew.subject, .pass, text) }
        guard skew.size > Self.limit else {
            return .init(id, skew.subject, .warning, text, fix: "run chrony or systemd-timesyncd")
        }
        return .init(id, skew.subject, .failure, text, fix: fix(skew))
    }

    private func fix(_ skew: Skew) -> String {
        guard agreed != nil else {
            return "one of the two is wrong, and they cannot tell which: hold both against a time server and set that "
                + "one, for example: chronyc makestep"
        }
        return skew.subject == Self.here
            ? "most hosts agree: set this machine's clock, which dates every certificate, for example: chronyc makestep"
            : "set its clock, for example: chronyc makestep"
    }
}
