/// Reads Debian version numbers as far as needed to compare them with a project's own.
enum DebianVersion {
    /// The project's version: `1:2.2.7-1+b2` → `2.2.7`, `1.20.5+really1.20.2-1.1` → `1.20.2`, `1.6.20~ds1-1` → `1.6.20`.
    static func upstream(_ version: String) -> String {
        var text = version[...]
        if let colon = text.firstIndex(of: ":") { text = text[text.index(after: colon)...] }
        if let dash = text.lastIndex(of: "-") { text = text[..<dash] }
        if let really = text.end(ofLast: "+really") { text = text[really...] }
        return String(text.prefix { $0.isNumber || $0 == "." })
    }

    /// Whether a version names one package, revision included: `2.6.12-1+deb12u4`, not `2.6.12`.
    static func isPackageVersion(_ version: String) -> Bool { version.contains("-") }

    /// Whether a version found satisfies one asked for; a `+` adds build details nobody asks for.
    static func matches(_ found: String, _ wanted: String) -> Bool {
        found == wanted || found.hasPrefix(wanted + "+")
    }
}

extension Substring {
    /// Where the text after the last `marker` starts.
    fileprivate func end(ofLast marker: String) -> Index? {
        var start = startIndex
        var found: Index?
        while start < endIndex {
            if self[start...].hasPrefix(marker) { found = index(start, offsetBy: marker.count) }
            start = index(after: start)
        }
        return found
    }
}
