/// Quotes words for login shells that nobody has chosen: sh, csh, tcsh and fish read the result alike.
///
/// Within single quotes csh looks for history behind `!`, and fish takes a backslash for an escape: these stand outside,
/// behind a backslash each, as a single quote does in every shell.
package enum LoginShellQuoting {
    /// The longest quoted word, in bytes: Berkeley's csh, which is Debian's, has room for 1020.
    private static let limit = 1000

    /// One word that each of them gives back unchanged.
    ///
    /// - Parameter word: The word.
    /// - Returns: `nil` for what they do not read alike however it is quoted: a new line, other control characters, what is
    ///   not ASCII, and a word that is too long for one of them.
    package static func quote(_ word: String) -> String? {
        guard word.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return nil }
        if !word.isEmpty, word.utf8.allSatisfy(isPlain) { return word }
        let quoted = "'" + word.map { "'\\!".contains($0) ? "'\\\($0)'" : String($0) }.joined() + "'"
        return quoted.utf8.count <= limit ? quoted : nil
    }

    /// Whether a command is a program's path and plain words, which need no quotes in any shell.
    package static func isPlain(command: String) -> Bool {
        command.hasPrefix("/") && command.utf8.count <= limit
            && command.utf8.allSatisfy { isPlain($0) || $0 == 0x20 }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || "_-./".utf8.contains(byte)
    }
}
