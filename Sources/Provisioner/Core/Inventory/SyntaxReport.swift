/// What the YAML parser says, and the text about which it says it; finds the slip behind the usual ones.
struct SyntaxReport {
    struct Finding {
        var mark: SourceMark
        var meaning: String
        var fix: String
    }

    /// The parser's own words.
    let problem: String
    /// Where it stopped.
    let mark: SourceMark
    /// What it was reading, and where that began.
    let context: (text: String, mark: SourceMark)?
    let text: String

    /// The likeliest slip, `nil` where none of the known ones fits.
    var finding: Finding? {
        reference ?? undefinedAlias ?? openQuote ?? lateQuote ?? openBracket ?? missingSpace ?? misplaced
    }

    private func scalars(ofLine number: Int) -> [Unicode.Scalar] {
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        return lines.indices.contains(number - 1) ? Array(lines[number - 1].unicodeScalars) : []
    }

    /// The character at which the parser stopped, `nil` at the end of a line.
    private var stopped: Unicode.Scalar? {
        let line = scalars(ofLine: mark.line)
        return line.indices.contains(mark.column - 1) ? line[mark.column - 1] : nil
    }

    /// `{user: ${NAME}}`: the second brace begins a table.
    private var reference: Finding? {
        let line = scalars(ofLine: mark.line)
        let brace = mark.column - 1
        guard brace > 0, line.indices.contains(brace), line[brace] == "{", line[brace - 1] == "$" else { return nil }
        let ends = " ,[]{}".unicodeScalars
        let start = line[..<brace].lastIndex { ends.contains($0) || $0 == ":" }.map { $0 + 1 } ?? 0
        let close = line[brace...].firstIndex(of: "}") ?? line.count - 1
        let end = line[(close + 1)...].firstIndex { ends.contains($0) } ?? line.count
        let value = line[start..<end].map { String($0) }.joined()
        return Finding(
            mark: SourceMark(line: mark.line, column: start + 1),
            meaning: "`${NAME}` stands between brackets without quotes",
            fix: "inside { } and [ ] write it in quotes: \"\(value)\""
        )
    }

    private var undefinedAlias: Finding? {
        guard problem.contains("undefined alias") else { return nil }
        let word = scalars(ofLine: mark.line).dropFirst(mark.column - 1).prefix { !" ,]}".unicodeScalars.contains($0) }
        let name = word.map { String($0) }.joined()
        return Finding(
            mark: mark,
            meaning: "`\(name)` refers to a value that has no such name before it",
            fix: "name the value by `&\(name.dropFirst())` first, or put the text in quotes where `*` is a part of it"
        )
    }

    private var openQuote: Finding? {
        guard let context, context.text.contains("quoted scalar"), problem.contains("unexpected") else { return nil }
        return Finding(
            mark: context.mark,
            meaning: "this quote is never closed",
            fix: "write the closing quote at the end of the value"
        )
    }

    /// A quote that the next one in a later line has closed.
    private var lateQuote: Finding? {
        guard let quote = FlowScan(text, until: mark).quote, quote.open.line < quote.close.line,
            quote.close.line == mark.line, mark.column - quote.close.column <= 2
        else { return nil }
        return Finding(
            mark: quote.open,
            meaning: "this quote is closed only in line \(quote.close.line)",
            fix: "write the closing quote at the end of the value"
        )
    }

    private var openBracket: Finding? {
        let isEntry = problem.contains("did not find expected ','")
        guard isEntry || problem.contains("expected node content") else { return nil }
        if let open = FlowScan(text, from: isEntry ? context?.mark : nil).unclosed {
            return Finding(
                mark: open.mark,
                meaning: "this \(open.scalar) is never closed",
                fix: "write \(open.scalar == "[" ? "]" : "}") behind the last entry"
            )
        }
        guard isEntry else { return nil }
        return Finding(mark: mark, meaning: "a comma is missing before this", fix: "write one between two entries")
    }

    /// `name:a` and `-name: a`, at or before the line where the parser stopped.
    private var missingSpace: Finding? {
        let isKey = ["mapping values", "expected ':'", "expected '-'", "expected key"]
            .contains { problem.contains($0) }
        guard isKey else { return nil }
        for number in Set([context?.mark.line ?? mark.line, mark.line - 1, mark.line]).sorted() {
            guard let found = Self.joined(scalars(ofLine: number)) else { continue }
            return Finding(
                mark: SourceMark(line: number, column: found.column),
                meaning: "no space after `\(found.word)`",
                fix: "write a space after `\(found.word)`"
            )
        }
        return nil
    }

    /// The word of a line which lacks a space behind it, and its column.
    private static func joined(_ line: [Unicode.Scalar]) -> (word: String, column: Int)? {
        var start = line.prefix { $0 == " " }.count
        while start + 1 < line.count, line[start] == "-", line[start + 1] == " " {
            start += 2
            start += line[start...].prefix { $0 == " " }.count
        }
        guard start + 1 < line.count else { return nil }
        if line[start] == "-", isLetter(line[start + 1]) { return ("-", start + 1) }
        let word = line[start...].prefix { isLetter($0) }
        let colon = start + word.count
        guard !word.isEmpty, colon + 1 < line.count, line[colon] == ":" else { return nil }
        // `http://` is an address.
        guard !" /\t\r".unicodeScalars.contains(line[colon + 1]) else { return nil }
        return (word.map { String($0) }.joined() + ":", start + 1)
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        (0x41...0x5A).contains(scalar.value) || (0x61...0x7A).contains(scalar.value)
    }

    private var misplaced: Finding? {
        if problem.contains("mapping values") {
            let before = scalars(ofLine: mark.line).prefix(mark.column - 1).map { String($0) }.joined()
            return before.contains(": ")
                ? Finding(mark: mark, meaning: "a second `: ` in one value", fix: "put the value in quotes")
                : Finding(
                    mark: mark,
                    meaning: "a key, where the line above has a value already",
                    fix: "indent both lines alike, or take the value of the one above away"
                )
        }
        guard problem.contains("cannot start any token"), let stopped else { return nil }
        return Finding(mark: mark, meaning: "no value begins with \(stopped)", fix: "put the value in quotes")
    }
}
