import ArgumentParser
import ProvisionCore

/// A verb that is almost one: the parser would call it an unexpected argument.
enum VerbGuess {
    /// - Parameters:
    ///   - words: What stands behind the command's name.
    ///   - command: The command.
    /// - Returns: What to say; `nil` where the parser's own words are as good.
    static func problem(_ words: [String], in command: any ParsableCommand.Type) -> String? {
        let known = command.configuration.subcommands
        guard let word = words.first, !word.hasPrefix("-"), word != "help", !known.isEmpty else { return nil }
        if let next = known.first(where: { $0._commandName == word }) {
            return problem(Array(words.dropFirst()), in: next)
        }
        let names = known.map { $0._commandName }
        guard let near = beginning(word, among: names) ?? NearestName.of(word, among: names) else { return nil }
        return "× \(word): no such verb; did you mean \(near)?\n  try  provision --help"
    }

    /// All of several verbs that begin so: none of them is nearer than the others.
    private static func beginning(_ word: String, among names: [String]) -> String? {
        let longer = word.count > 1 ? names.filter { $0.hasPrefix(word) }.sorted() : []
        guard let last = longer.last, longer.count > 1 else { return nil }
        return "\(longer.dropLast().joined(separator: ", ")) or \(last)"
    }
}
