/// Quotes words for a POSIX shell (XCU 2.2.2).
package enum ShellQuoting {
    /// One word that the shell gives back unchanged; NUL cannot stand in a word and is left out.
    package static func quote(_ word: String) -> String {
        if !word.isEmpty, word.utf8.allSatisfy(isSafe) { return word }
        let body = word.unicodeScalars.reduce(into: "") { result, scalar in
            if scalar == "'" {
                result += "'\\''"
            } else if scalar != "\0" {
                result.unicodeScalars.append(scalar)
            }
        }
        return "'" + body + "'"
    }

    /// Words joined to one command.
    package static func command(_ words: [String]) -> String { words.map(quote).joined(separator: " ") }

    private static func isSafe(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || "_-./:,+@%".utf8.contains(byte)
    }
}
