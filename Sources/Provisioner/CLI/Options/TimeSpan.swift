import ArgumentParser

/// A length of time as people and the inventory write it: `1y`, `30d`, `8h`, `90m`, `3600s`.
struct TimeSpan: Sendable {
    let seconds: Int64

    init(seconds: Int64) { self.seconds = seconds }

    init?(_ text: String) {
        let units: [Character: Int64] = ["y": 365 * 86_400, "d": 86_400, "h": 3600, "m": 60, "s": 1]
        guard let unit = text.last.flatMap({ units[$0] }), let number = Int64(text.dropLast()), number >= 0,
            number <= 1 << 32
        else { return nil }
        seconds = number * unit
    }

    /// For options.
    ///
    /// - Parameter text: What was typed.
    /// - Returns: The length.
    /// - Throws: `ValidationError`, which says how one is written.
    static func read(_ text: String) throws -> TimeSpan {
        if let span = TimeSpan(text) { return span }
        throw ValidationError("write a number and its unit, for example 30d; units are s, m, h, d and y (365 days)")
    }

    /// As it is written.
    var text: String {
        if seconds >= 86_400, seconds % 86_400 == 0 { return "\(seconds / 86_400)d" }
        return seconds % 3600 == 0 ? "\(seconds / 3600)h" : "\(seconds)s"
    }
}
