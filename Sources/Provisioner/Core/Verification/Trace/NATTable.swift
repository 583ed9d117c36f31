/// The nat table as `iptables-save -t nat` prints it: chains of rules, in their order.
package struct NATTable: Sendable {
    package struct Rule: Sendable, Hashable {
        package var words: [String]

        /// The value after an option: `--dport`, `-j`, `--to-destination`.
        package func value(_ option: String) -> String? {
            words.firstIndex(of: option).flatMap { words.indices.contains($0 + 1) ? words[$0 + 1] : nil }
        }

        package var target: String? { value("-j") }
    }

    private var chains: [String: [Rule]] = [:]

    /// Reads lines of the form `-A CHAIN MATCHES -j TARGET`; everything else is left out.
    package init(saved text: String) {
        for line in text.split(separator: "\n") where line.hasPrefix("-A ") {
            let words = Self.words(line)
            guard words.count > 2 else { continue }
            chains[words[1], default: []].append(Rule(words: Array(words.dropFirst(2))))
        }
    }

    package subscript(chain: String) -> [Rule] { chains[chain] ?? [] }

    /// A comment is one word in double quotes.
    private static func words(_ line: Substring) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        for character in line {
            if character == "\"" {
                isQuoted.toggle()
            } else if character == " ", !isQuoted {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        return word.isEmpty ? words : words + [word]
    }
}
