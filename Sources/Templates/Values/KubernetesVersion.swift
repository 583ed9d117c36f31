/// A Kubernetes release, `1.36.2`; flags and configuration versions are chosen by its minor number.
package struct KubernetesVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    package var major: Int
    package var minor: Int
    package var patch: Int
    /// What stands after the patch number's dash, `rc.1`; empty for a release.
    package var label: String

    package init(_ major: Int, _ minor: Int, _ patch: Int = 0, label: String = "") {
        self.major = major
        self.minor = minor
        self.patch = patch
        self.label = label
    }

    /// Reads `1.36.2`, `v1.36.2` or `1.36.0-rc.1`; a missing patch number is 0.
    package init?(_ text: some StringProtocol) {
        let digits = text.first == "v" ? String(text.dropFirst()) : String(text)
        let halves = digits.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let parts = halves[0].split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Int($0) }
        guard (2...3).contains(parts.count), numbers.count == parts.count, numbers.allSatisfy({ $0 >= 0 })
        else { return nil }
        let label = halves.count == 2 ? String(halves[1]) : ""
        guard halves.count == 1 || (parts.count == 3 && Self.isLabel(label)) else { return nil }
        self.init(numbers[0], numbers[1], numbers.count == 3 ? numbers[2] : 0, label: label)
    }

    /// `1.20.3-lab`: an older source under another name, to try an upgrade with.
    package var isStampedForTrial: Bool { label == "lab" || label.hasPrefix("lab.") }

    private static func isLabel(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == 0x2E || byte == 0x2D
            }
    }

    package var description: String { "\(major).\(minor).\(patch)\(label.isEmpty ? "" : "-\(label)")" }

    /// As semantic versions have it: what has a label comes before the release itself.
    package static func < (left: Self, right: Self) -> Bool {
        let numbers = ((left.major, left.minor, left.patch), (right.major, right.minor, right.patch))
        if numbers.0 != numbers.1 { return numbers.0 < numbers.1 }
        if left.label.isEmpty || right.label.isEmpty { return !left.label.isEmpty && right.label.isEmpty }
        return left.label < right.label
    }
}
