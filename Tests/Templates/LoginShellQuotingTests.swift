import Foundation
import Templates
import Testing

/// One quoting for shells that read single quotes each in its own way.
@Suite struct LoginShellQuotingTests {
    /// How a shell reads what is quoted, as its manual says.
    private enum Shell: CaseIterable { case sh, csh, fish }

    /// What a word is to a shell; `nil` where it is no single word to it, or means something else.
    private func read(_ text: String, by shell: Shell) -> String? {
        var word = ""
        var isQuoted = false
        var rest = Array(text)[...]
        while let character = rest.popFirst() {
            let isEscape =
                switch (shell, isQuoted, rest.first) {
                case (_, false, _): character == "\\"
                case (.fish, true, "\\"?), (.fish, true, "'"?): character == "\\"
                case (.csh, true, "!"?), (.csh, true, "\n"?): character == "\\"
                default: false
                }
            if isEscape {
                guard let next = rest.popFirst(), next != "\n" else { return nil }
                word.append(next)
            } else if character == "'" {
                isQuoted.toggle()
            } else if isForeign(character, isQuoted, shell) {
                return nil
            } else {
                word.append(character)
            }
        }
        return isQuoted ? nil : word
    }

    /// Whether a character that nothing stands before means something else, or ends the word.
    private func isForeign(_ character: Character, _ isQuoted: Bool, _ shell: Shell) -> Bool {
        guard isQuoted else { return !character.isLetter && !character.isNumber && !"_-./".contains(character) }
        return shell == .csh && (character == "!" || character == "\n")
    }

    /// Words that are quoted, in the order in which they were asked for.
    private static let quoted = QuotingTests.words.compactMap { word in
        LoginShellQuoting.quote(word).map { (word: word, text: $0) }
    }

    @Test func `every kind of shell gives every word back`() {
        #expect(Self.quoted.count > 100)
        for (word, text) in Self.quoted {
            for shell in Shell.allCases { #expect(read(text, by: shell) == word, "\(shell): \(text)") }
            #expect(!text.contains { $0.isNewline })
        }
    }

    @Test(arguments: [
        "a\nb", "\t", "\u{1}", "é", String(repeating: "'", count: 400), String(repeating: "x", count: 999),
    ])
    func `what they do not read alike is not quoted`(word: String) {
        #expect(LoginShellQuoting.quote(word + " ") == nil)
    }

    /// The programs themselves, as far as they are here.
    @Test(arguments: ["/bin/sh", "/bin/bash", "/bin/bsd-csh", "/bin/tcsh", "/usr/bin/fish", "/bin/zsh"])
    func `a real shell gives every word back`(shell: String) async throws {
        guard FileManager.default.isExecutableFile(atPath: shell) else { return }
        for start in stride(from: 0, to: Self.quoted.count, by: 20) {
            let part = Self.quoted[start..<min(start + 20, Self.quoted.count)]
            let line = "exec /usr/bin/printf '%s@' " + part.map(\.text).joined(separator: " ")
            let result = try await Program.run(shell, ["-c", line])
            #expect(result.output == part.map { $0.word + "@" }.joined(), "\(shell)")
        }
    }

    @Test func `only a path with plain words is a command without quotes`() {
        #expect(LoginShellQuoting.isPlain(command: "/bin/sh -s"))
        for command in [
            "cat", "", "exit 3", "/bin/cat > a", "/bin/sh -c 'x'", "/bin/echo a\nb", "/bin/echo $x", "/bin/echo a!b",
        ] {
            #expect(!LoginShellQuoting.isPlain(command: command), "\(command)")
        }
    }
}
