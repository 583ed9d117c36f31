/// Follows quotes and brackets through YAML text, far enough to say which of them is never closed.
///
/// Only a text that is refused anyway is looked at, so a bracket inside a script does no harm.
struct FlowScan {
    struct Opening {
        var scalar: Unicode.Scalar
        var mark: SourceMark
    }

    private enum State: Equatable {
        case text, comment
        case quoted(Unicode.Scalar)
        case escaped
    }

    /// The innermost bracket that is not closed, or is closed by one of the other kind.
    var unclosed: Opening? { openings.last }
    /// The last quote that was closed.
    private(set) var quote: (open: SourceMark, close: SourceMark)?
    private var openings: [Opening] = []
    private var state = State.text
    private var opened = SourceMark.none
    private var previous: Unicode.Scalar = "\n"
    /// The last one of its line that is no space.
    private var lastWord: Unicode.Scalar?

    /// Reads from an opening bracket to the one that closes it, or all brackets; in either case not beyond `end`.
    init(_ text: String, from start: SourceMark? = nil, until end: SourceMark? = nil) {
        var mark = SourceMark(line: 1, column: 1)
        for scalar in text.unicodeScalars {
            if let end, mark >= end { return }
            if start.map({ mark >= $0 }) ?? true {
                let wasOpen = !openings.isEmpty
                guard read(scalar, at: mark) else { return }
                if start != nil, wasOpen, openings.isEmpty { return }
            }
            remember(scalar)
            mark = scalar == "\n" ? SourceMark(line: mark.line + 1, column: 1) : mark.next
        }
    }

    private mutating func remember(_ scalar: Unicode.Scalar) {
        previous = scalar
        if scalar == "\n" { lastWord = nil } else if scalar != " ", scalar != "\t", scalar != "\r" { lastWord = scalar }
    }

    /// - Returns: Whether to go on: not behind a bracket that closes another kind.
    private mutating func read(_ scalar: Unicode.Scalar, at mark: SourceMark) -> Bool {
        switch state {
        case .comment:
            if scalar == "\n" { state = .text }
        case .escaped:
            state = .quoted("\"")
        case .quoted(let sign):
            if scalar == "\\", sign == "\"" {
                state = .escaped
            } else if scalar == sign {
                state = .text
                quote = (open: opened, close: mark)
            }
        case .text:
            return readText(scalar, at: mark)
        }
        return true
    }

    private mutating func readText(_ scalar: Unicode.Scalar, at mark: SourceMark) -> Bool {
        switch scalar {
        case "#" where isSpace(previous):
            state = .comment
        case "'" where previous == "'" && quote?.close.next == mark:
            // Two in a row are one inside the text.
            state = .quoted("'")
        case "\"" where beginsValue, "'" where beginsValue:
            (state, opened) = (.quoted(scalar), mark)
        case "[" where beginsValue || !openings.isEmpty, "{" where beginsValue || !openings.isEmpty:
            openings.append(Opening(scalar: scalar, mark: mark))
        case "]", "}":
            guard let last = openings.last else { return true }
            guard (last.scalar == "[") == (scalar == "]") else { return false }
            openings.removeLast()
        default: break
        }
        return true
    }

    private func isSpace(_ scalar: Unicode.Scalar) -> Bool { " \t\n".unicodeScalars.contains(scalar) }

    /// Elsewhere a quote or a bracket is a part of a plain word.
    private var beginsValue: Bool {
        guard let lastWord else { return true }
        if "[{,".unicodeScalars.contains(lastWord) { return true }
        return ":-?".unicodeScalars.contains(lastWord) && isSpace(previous)
    }
}

extension SourceMark {
    /// The column behind it.
    var next: SourceMark { SourceMark(line: line, column: column + 1) }
}
