import ArgumentParser

/// What the parser refuses, in the form that all problems have: what it is, and what to try.
struct ParserRefusal {
    private let message: String
    private let words: [String]
    private let verb: any ParsableCommand.Type
    private let name: String

    /// - Parameters:
    ///   - message: The parser's own words, or a verb's about its options.
    ///   - words: What stands behind the program's name.
    init(_ message: String, _ words: [String]) {
        self.message = message
        self.words = words
        (verb, name) = VerbGuess.verb(words, in: Provision.self)
    }

    var text: String {
        if let long = singleDash {
            return "× \(long.dropFirst()): no such option; did you mean \(long)?\n  try  \(help)"
        }
        return "× \(plain)\n  try  \(hint ?? help)"
    }

    private var help: String { "\(name) --help" }

    /// The parser begins its words with a capital letter and ends them with a full stop.
    private var plain: String {
        let text = message.replacing(". Did you mean ", with: "; did you mean ")
            .replacing(". Please provide one of ", with: "; give one of ")
        let begins = ["Missing ", "Unknown ", "Unexpected ", "Invalid ", "The value "].contains { text.hasPrefix($0) }
        guard begins, let first = text.first else { return text }
        return first.lowercased() + text.dropFirst()
    }

    /// The option that the verb does not have.
    private var unknown: String? {
        let parts = message.split(separator: "'", omittingEmptySubsequences: false)
        return message.hasPrefix("Unknown option") && parts.count > 1 ? String(parts[1]) : nil
    }

    /// What is called otherwise here than elsewhere.
    private var hint: String? {
        switch (name, unknown) {
        case ("provision apply", "--dry-run"), ("provision apply", "--plan"), ("provision apply", "--check"),
            ("provision apply", "--diff"):
            "provision plan INVENTORY"
        case (_, "-o") where options.contains("--output"): "here a file is written: --output FILE"
        default: nil
        }
    }

    /// A long option that was written with one dash: the parser reads it as many short ones.
    private var singleDash: String? {
        words.prefix { $0 != "--" }.lazy.filter { $0.hasPrefix("-") && !$0.hasPrefix("--") && $0.count > 2 }
            .map { "-\($0)" }.first { options.contains($0) }
    }

    /// The verb's long options.
    private var options: Set<String> {
        let text = Provision.helpMessage(for: verb, columns: 400)
        return Set(text.split { " ,\n".contains($0) }.filter { $0.hasPrefix("--") }.map(String.init))
    }
}
