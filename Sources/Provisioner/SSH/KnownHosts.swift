import Crypto
import Foundation

/// The known_hosts format of sshd(8), read as OpenSSH reads it: markers, hashed names, patterns, ports.
///
/// libssh2's own reader ignores `@revoked` and patterns, and stops at the first bad line; it is not used.
package struct KnownHosts: Sendable {
    package enum Marker: String, Sendable { case revoked = "@revoked", authority = "@cert-authority" }

    package struct Entry: Sendable {
        package var marker: Marker?
        package var hosts: String
        package var key: HostKey
        package var file: String
        package var line: Int
    }

    /// What the files say about one key of one host.
    package enum Verdict: Sendable, Equatable {
        case trusted(file: String, line: Int)
        case unknown
        /// Another key of the same type stands there.
        case changed(known: String, file: String, line: Int)
        case revoked(file: String, line: Int)
    }

    package private(set) var entries: [Entry] = []
    /// `FILE:LINE` of lines that could not be read; they are skipped, as OpenSSH does.
    package private(set) var malformed: [String] = []

    package init() {}

    /// Adds the entries of one file.
    package mutating func read(_ text: String, file: String) {
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = raw.trimmingCharacters(in: .whitespaces)
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            guard let entry = Self.entry(line, file: file, line: index + 1) else {
                malformed.append("\(file):\(index + 1)")
                continue
            }
            entries.append(entry)
        }
    }

    private static func entry(_ line: String, file: String, line number: Int) -> Entry? {
        var words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        var marker: Marker?
        if let first = words.first, first.hasPrefix("@") {
            guard let known = Marker(rawValue: first) else { return nil }
            marker = known
            words.removeFirst()
        }
        guard words.count >= 3, let blob = Data(base64Encoded: words[2]), let key = HostKey(blob: Array(blob)),
            key.type == words[1]
        else { return nil }
        return Entry(marker: marker, hosts: words[0], key: key, file: file, line: number)
    }

    /// The types of the keys that are known for a host, in the order of the files.
    package func types(for host: String, port: UInt16) -> [String] {
        entries.filter { $0.marker == nil && Self.matches($0.hosts, host: host, port: port) }.map(\.key.type)
    }

    package func verdict(on key: HostKey, host: String, port: UInt16) -> Verdict {
        let matching = entries.filter { Self.matches($0.hosts, host: host, port: port) }
        if let entry = matching.first(where: { $0.marker == .revoked && $0.key == key }) {
            return .revoked(file: entry.file, line: entry.line)
        }
        let plain = matching.filter { $0.marker == nil }
        if let entry = plain.first(where: { $0.key == key }) { return .trusted(file: entry.file, line: entry.line) }
        guard let entry = plain.first(where: { $0.key.type == key.type }) ?? plain.first else { return .unknown }
        return .changed(known: entry.key.fingerprint, file: entry.file, line: entry.line)
    }

    /// The name under which a host stands: alone for port 22, `[host]:port` otherwise.
    package static func name(_ host: String, port: UInt16) -> String { port == 22 ? host : "[\(host)]:\(port)" }

    private static func matches(_ hosts: String, host: String, port: UInt16) -> Bool {
        let name = name(host.lowercased(), port: port)
        if hosts.hasPrefix("|1|") { return matchesHash(hosts, name) }
        var found = false
        for pattern in hosts.lowercased().split(separator: ",") {
            let isNegated = pattern.hasPrefix("!")
            guard Glob.matches(Array((isNegated ? pattern.dropFirst() : pattern).utf8), Array(name.utf8)) else {
                continue
            }
            if isNegated { return false }
            found = true
        }
        return found
    }

    private static func matchesHash(_ text: String, _ name: String) -> Bool {
        let parts = text.split(separator: "|").map(String.init)
        guard parts.count == 3, let salt = Data(base64Encoded: parts[1]), let hash = Data(base64Encoded: parts[2])
        else {
            return false
        }
        let code = HMAC<Insecure.SHA1>.authenticationCode(for: Data(name.utf8), using: SymmetricKey(data: salt))
        return Data(code) == hash
    }
}

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
