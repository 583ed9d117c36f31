import Templates
import Testing

@Suite struct QuotingTests {
    /// Words of every awkward kind, and random ones of a fixed seed.
    static let words: [String] = {
        let awkward = [
            "", "plain", "a b", "%n", "100%%", "$HOME", "${X}", "$$", "\\", "a\\nb", "\"", "'", "a\nb", "\t", ";",
            "\\;",
            "#x", "@x", "-x", "+x", "!x", "--a=b c", "é", "日本", "\u{1}\u{7f}", " lead", "trail ", "`id`", "*", "|",
            "a;b",
        ]
        var state: UInt64 = 42
        let alphabet = Array("ab %$\\\"';#\n\t{}=*`é-@!".unicodeScalars)
        let random = (0..<500).map { _ -> String in
            var word = ""
            for _ in 0..<Int((state >> 33) % 12) {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                word.unicodeScalars.append(alphabet[Int((state >> 33) % UInt64(alphabet.count))])
            }
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return word
        }
        return awkward + random
    }()

    @Test func systemdGivesEveryArgumentBack() {
        let line = SystemdQuoting.commandLine("/bin/true", Self.words)
        #expect(SystemdWords.read(line, expandingDollar: true) == ["/bin/true"] + Self.words)
        for word in Self.words {
            #expect(SystemdWords.read(SystemdQuoting.argument(word), expandingDollar: true) == [word])
            #expect(SystemdWords.read(SystemdQuoting.word(word), expandingDollar: false) == [word])
        }
    }

    @Test func aQuotedArgumentStaysOnItsLine() {
        for word in Self.words {
            let quoted = SystemdQuoting.argument(word)
            #expect(!quoted.contains("\n"))
            #expect(!quoted.hasSuffix("\\"))
        }
    }

    @Test func theShellGivesEveryWordBack() async throws {
        let result = try await Program.run("/bin/sh", ["-c", "printf '%s\\0' " + ShellQuoting.command(Self.words)])
        let words = result.bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast()
        #expect(words.map { String(decoding: $0, as: UTF8.self) } == Self.words)
    }
}
