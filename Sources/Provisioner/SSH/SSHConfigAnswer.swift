import Foundation
import Templates

/// What `ssh -v -G` printed for one host, and for which others it would print the same but for their names.
struct SSHConfigAnswer: Sendable {
    let text: String
    /// Of all `Host` lines but `*`, in lower case; `nil` where more than these decides.
    private var patterns: [[UInt8]]?

    /// An answer that is nobody else's.
    static let own = SSHConfigAnswer("", log: "", of: "")

    /// - Parameters:
    ///   - text: Standard output.
    ///   - log: Standard error, which names every file that was read.
    ///   - address: The host.
    init(_ text: String, log: String, of address: String) {
        self.text = text
        let options = SSHOptions(text)
        guard options.first("hostname") == address, options.first("canonicalizehostname") == "false" else { return }
        let mark = "debug1: Reading configuration data "
        patterns = []
        for line in log.split(whereSeparator: \.isNewline) where line.hasPrefix(mark) {
            read(String(line.dropFirst(mark.count)))
        }
        if !holds(for: address) { patterns = nil }
    }

    private mutating func read(_ path: String) {
        let text = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
        for line in text?.split(whereSeparator: \.isNewline) ?? ["match"] {
            let more = Self.patterns(line)
            patterns = patterns.flatMap { have in more.map { have + $0 } }
        }
    }

    /// A line's patterns, what is negated included; `nil` where it asks for more than the name, or uses the name.
    private static func patterns(_ line: Substring) -> [[UInt8]]? {
        let words = line.lowercased().split { " \t=\"',".contains($0) }
        switch words.first.map(String.init) ?? "#" {
        case "host":
            guard !line.contains("\\") else { return nil }
            return words.dropFirst().map { $0.drop { $0 == "!" } }.filter { $0 != "*" }.map { Array($0.utf8) }
        case "match": return nil
        // Nothing here asks for it, and almost everybody's has the name in it.
        case "controlpath": return []
        case let word: return word.hasPrefix("#") || !line.contains("%") ? [] : nil
        }
    }

    /// Whether another host's answer differs in `hostname` only, and there says the address as it is.
    func holds(for address: String) -> Bool {
        guard let patterns, Self.isPlain(address) else { return false }
        return !patterns.contains { Glob.matches($0, Array(address.utf8)) }
    }

    /// `ssh` writes numbers and capitals in its own way.
    private static func isPlain(_ address: String) -> Bool {
        if let number = IPv4Address(address) { return number.description == address }
        guard let first = address.first, !first.isNumber else { return false }
        return address.utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-._".utf8.contains($0) }
    }
}
