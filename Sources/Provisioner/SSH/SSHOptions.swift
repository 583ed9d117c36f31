import Foundation

/// What `ssh -G` prints: one option a line, its name in lower case.
struct SSHOptions {
    private var values: [String: [String]] = [:]

    init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            if words.count == 2 { values[words[0].lowercased(), default: []].append(words[1]) }
        }
    }

    func first(_ name: String) -> String? { values[name]?.first }

    /// All words of all lines of an option, as paths.
    func paths(_ name: String) -> [String] {
        (values[name] ?? []).flatMap { $0.split(separator: " ") }.map { Self.expanded(String($0)) }.filter {
            $0 != "none"
        }
    }

    /// An option that is set and that libssh2 or we cannot follow; then `ssh` itself must connect.
    var needsOpenSSH: String? {
        let foreign = [
            "proxyjump", "proxycommand", "certificatefile", "knownhostscommand", "revokedhostkeys", "pkcs11provider",
            "bindaddress", "bindinterface",
        ]
        if let name = foreign.first(where: { first($0).map { $0 != "none" } ?? false }) { return name }
        if let family = first("addressfamily"), family != "any" { return "addressfamily" }
        return ["identityfile", "userknownhostsfile", "globalknownhostsfile", "identityagent"].first { name in
            values[name]?.contains { $0.contains("%") || $0.contains("$") } ?? false
        }
    }

    /// The addresses of `ProxyJump`, without users and ports.
    var jumps: [String] {
        guard let text = first("proxyjump"), text != "none" else { return [] }
        return text.split(separator: ",").map { jump in
            let place = jump.split(whereSeparator: { $0 == "@" || $0 == "/" }).last ?? jump
            guard place.hasPrefix("[") else { return String(place.prefix { $0 != ":" }) }
            return String(place.dropFirst().prefix { $0 != "]" })
        }
    }

    static func expanded(_ path: String) -> String {
        let home = ProcessInfo.processInfo.environment["HOME"] ?? "/root"
        return path.hasPrefix("~/") ? home + path.dropFirst(1) : path
    }
}
