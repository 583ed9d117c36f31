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
        /// Another key stands there.
        case changed(known: String, file: String, line: Int)
        case revoked(file: String, line: Int)
    }

    package private(set) var entries: [Entry] = []
    /// `FILE:LINE` of lines that could not be read; they are skipped, as OpenSSH does.
    package private(set) var malformed: [String] = []
    /// Where entries stand whose names are plain words: a fleet's hosts are looked up by name, not by reading the file.
    private var named: [String: [Int]] = [:]
    /// Where those stand that must be compared: patterns, negations, hashes.
    private var patterns: [Int] = []

    package init() {}

    /// Adds the entries of one file.
    package mutating func read(_ text: String, file: String) { read(Array(text.utf8), file: file) }

    /// Adds the entries of one file, byte by byte: neither CR-LF nor bytes that are no UTF-8 may hide a line.
    package mutating func read(_ bytes: [UInt8], file: String) {
        let blanks: Set<UInt8> = [0x09, 0x0D, 0x20]
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            let words = line.split(whereSeparator: blanks.contains).map { String(decoding: $0, as: UTF8.self) }
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            guard let entry = Self.entry(words, file: file, line: index + 1) else {
                malformed.append("\(file):\(index + 1)")
                continue
            }
            append(entry)
        }
    }

    /// Adds what another reading found, after what is there.
    package mutating func add(_ other: KnownHosts) {
        guard !entries.isEmpty || !malformed.isEmpty else { return self = other }
        other.entries.forEach { append($0) }
        malformed += other.malformed
    }

    private mutating func append(_ entry: Entry) {
        if entry.hosts.utf8.contains(where: { "*?!|".utf8.contains($0) }) {
            patterns.append(entries.count)
        } else {
            for name in Set(entry.hosts.lowercased().split(separator: ",")) {
                named[String(name), default: []].append(entries.count)
            }
        }
        entries.append(entry)
    }

    private static func entry(_ words: [String], file: String, line number: Int) -> Entry? {
        var words = words
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

    /// The types of the keys that are known for a host and not revoked, in the order of the files.
    package func types(for host: String, port: UInt16) -> [String] {
        let matching = matching(Self.name(host, port: port))
        let revoked = Set(matching.filter { $0.marker == .revoked }.map(\.key))
        return matching.filter { $0.marker == nil && !revoked.contains($0.key) }.map(\.key.type)
    }

    /// Whether a certificate authority stands there for the host; only `ssh` itself can check its certificates.
    package func hasAuthority(for host: String, port: UInt16) -> Bool {
        matching(Self.name(host, port: port)).contains { $0.marker == .authority }
    }

    /// What stands under the host's name and port; a key that is unknown there may stand under the name alone.
    package func verdict(on key: HostKey, host: String, port: UInt16) -> Verdict {
        let verdict = verdict(on: key, name: Self.name(host, port: port))
        guard verdict == .unknown, port != 22 else { return verdict }
        switch self.verdict(on: key, name: Self.name(host, port: 22)) {
        case .trusted(let file, let line): return .trusted(file: file, line: line)
        case .revoked(let file, let line): return .revoked(file: file, line: line)
        case .changed, .unknown: return .unknown
        }
    }

    private func verdict(on key: HostKey, name: String) -> Verdict {
        let matching = matching(name)
        if let entry = matching.first(where: { $0.marker == .revoked && $0.key == key }) {
            return .revoked(file: entry.file, line: entry.line)
        }
        let plain = matching.filter { $0.marker == nil }
        if let entry = plain.first(where: { $0.key == key }) { return .trusted(file: entry.file, line: entry.line) }
        guard let entry = plain.first(where: { $0.key.type == key.type }) ?? plain.first else { return .unknown }
        return .changed(known: entry.key.fingerprint, file: entry.file, line: entry.line)
    }

    /// The name under which a host stands: alone for port 22, `[host]:port` otherwise.
    package static func name(_ host: String, port: UInt16) -> String {
        port == 22 ? host.lowercased() : "[\(host.lowercased())]:\(port)"
    }

    /// In the order of the files.
    private func matching(_ name: String) -> [Entry] {
        let compared = patterns.filter { Self.matches(entries[$0].hosts, name) }
        return (named[name, default: []] + compared).sorted().map { entries[$0] }
    }

    private static func matches(_ hosts: String, _ name: String) -> Bool {
        if hosts.hasPrefix("|") { return matchesHash(hosts, name) }
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
        guard parts.count == 3, parts[0] == "1", let salt = Data(base64Encoded: parts[1]),
            let hash = Data(base64Encoded: parts[2])
        else {
            return false
        }
        let code = HMAC<Insecure.SHA1>.authenticationCode(for: Data(name.utf8), using: SymmetricKey(data: salt))
        return Data(code) == hash
    }
}
