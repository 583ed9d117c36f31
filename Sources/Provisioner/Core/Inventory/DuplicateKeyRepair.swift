/// Renames repeated keys so that a parser which stops at the first one can go on to the rest.
///
/// The first letter of each repetition is replaced by one character of the private use area, which keeps all columns;
/// the composer recognises it and reports the duplicate.
struct DuplicateKeyRepair {
    /// More than this many mappings with duplicates are not looked for: each costs one more pass over the text.
    ///
    /// In a text larger than any real inventory only the first duplicate is reported, so that the time stays bounded.
    var maximum: Int { text.utf8.count > 512 << 10 ? 0 : 24 }
    private static let base: UInt32 = 0xE000

    private(set) var text: String
    private var renamed: [Unicode.Scalar: (first: Unicode.Scalar, mark: SourceMark)] = [:]

    init(text: String) { self.text = text }

    /// The original name of a renamed key and the position of its first mention.
    func duplicate(_ key: String) -> (name: String, first: SourceMark)? {
        guard let head = key.unicodeScalars.first, let entry = renamed[head] else { return nil }
        return (
            String(String.UnicodeScalarView([entry.first])) + key.unicodeScalars.dropFirst().map(String.init).joined(),
            entry.mark
        )
    }

    /// Renames the repetitions of the key that starts at a position.
    ///
    /// - Returns: Whether anything was renamed; if not, composing again would fail in the same way.
    mutating func apply(at mark: SourceMark) -> Bool {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array($0.unicodeScalars) }
        guard lines.indices.contains(mark.line - 1), mark.column >= 1 else { return false }
        let column = mark.column - 1
        guard let key = Self.key(in: lines[mark.line - 1], at: column) else { return false }
        var changed = false
        for number in mark.line..<max(mark.line, lines.count) {
            let line = lines[number]
            let indentation = line.prefix { $0 == " " }.count
            if indentation == line.count || line[indentation] == "#" { continue }
            if indentation < column { break }
            guard indentation == column, let other = Self.key(in: line, at: column), other.name == key.name else {
                continue
            }
            lines[number][other.start] = rename(line[other.start], first: mark)
            changed = true
        }
        if !changed { changed = renameInFlow(&lines[mark.line - 1], key.name, after: column, mark) }
        guard changed else { return false }
        var view = String.UnicodeScalarView()
        for (index, line) in lines.enumerated() {
            if index > 0 { view.append("\n") }
            view.append(contentsOf: line)
        }
        text = String(view)
        return true
    }

    /// `{a: 1, a: 2}` on one line: every later mention followed by a colon.
    private mutating func renameInFlow(
        _ line: inout [Unicode.Scalar],
        _ name: [Unicode.Scalar],
        after column: Int,
        _ mark: SourceMark
    ) -> Bool {
        var changed = false
        for index in line.indices where index > column {
            guard "{, \t".unicodeScalars.contains(line[index - 1]), let other = Self.key(in: line, at: index),
                other.name == name
            else { continue }
            line[other.start] = rename(line[other.start], first: mark)
            changed = true
        }
        return changed
    }

    private mutating func rename(_ scalar: Unicode.Scalar, first: SourceMark) -> Unicode.Scalar {
        guard let replacement = Unicode.Scalar(Self.base + UInt32(renamed.count % 6000)) else { return scalar }
        renamed[replacement] = (scalar, first)
        return replacement
    }

    /// The key that starts at an index, its quotes left out, and the index of its first character.
    private static func key(in line: [Unicode.Scalar], at column: Int) -> (name: [Unicode.Scalar], start: Int)? {
        guard column < line.count else { return nil }
        let quote: Unicode.Scalar? = line[column] == "\"" || line[column] == "'" ? line[column] : nil
        let start = quote == nil ? column : column + 1
        guard start < line.count else { return nil }
        let end = line[start...].firstIndex { quote == nil ? ":,{}[]".unicodeScalars.contains($0) : $0 == quote }
        guard let end, end > start else { return nil }
        let after = line[(quote == nil ? end : end + 1)...].drop { $0 == " " }
        guard after.first == ":" else { return nil }
        var name = Array(line[start..<end])
        while name.last == " " { name.removeLast() }
        return (name, start)
    }
}
