/// Patterns of ssh_config(5): `*` and `?`.
enum Glob {
    /// Linear in the text for one star, never exponential.
    static func matches(_ pattern: [UInt8], _ text: [UInt8]) -> Bool {
        var p = 0
        var t = 0
        var star = -1
        var mark = 0
        while t < text.count {
            if p < pattern.count, pattern[p] == 0x3F || (pattern[p] == text[t] && pattern[p] != 0x2A) {
                p += 1
                t += 1
            } else if p < pattern.count, pattern[p] == 0x2A {
                star = p
                mark = t
                p += 1
            } else if star >= 0 {
                p = star + 1
                mark += 1
                t = mark
            } else {
                return false
            }
        }
        while p < pattern.count, pattern[p] == 0x2A { p += 1 }
        return p == pattern.count
    }
}
