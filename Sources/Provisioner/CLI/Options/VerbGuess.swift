import ArgumentParser
import ProvisionCore

/// A word that should be a verb and is none: the parser would call it an unexpected argument, or show other help.
enum VerbGuess {
    /// - Parameters:
    ///   - words: What stands behind the program's name.
    ///   - command: The command with all verbs.
    /// - Returns: What to say; `nil` where the words begin with a verb, or are the parser's.
    static func problem(_ words: [String], in command: any ParsableCommand.Type) -> String? {
        if words.first == "help" { return unknown(Array(words.dropFirst()), command, ["provision"]) }
        return unknown(words, command, ["provision"])
    }

    /// - Parameters:
    ///   - words: What stands behind the program's name.
    ///   - command: The command with all verbs.
    /// - Returns: The verb that they begin with, and how it is called.
    static func verb(
        _ words: [String],
        in command: any ParsableCommand.Type
    ) -> (verb: any ParsableCommand.Type, name: String) {
        var verb = command
        var path = ["provision"]
        var rest = words[...]
        while let word = rest.popFirst(), let next = named(word, below: verb) {
            verb = next
            path.append(word)
        }
        return (verb, path.joined(separator: " "))
    }

    private static func named(_ word: String, below command: any ParsableCommand.Type) -> (any ParsableCommand.Type)? {
        command.configuration.subcommands.first { $0._commandName == word }
    }

    private static func unknown(
        _ words: [String],
        _ command: any ParsableCommand.Type,
        _ path: [String]
    ) -> String? {
        let known = command.configuration.subcommands
        guard let word = words.first, !word.hasPrefix("-"), word != "help", !known.isEmpty else { return nil }
        if let next = named(word, below: command) { return unknown(Array(words.dropFirst()), next, path + [word]) }
        let names = known.filter { $0.configuration.shouldDisplay }.map { $0._commandName }
        let near = (beginning(word, among: names) ?? NearestName.of(word, among: names)).map { "; did you mean \($0)?" }
        return "× \(word): no such verb\(near ?? "")\n  try  \(path.joined(separator: " ")) --help"
    }

    /// All of several verbs that begin so: none of them is nearer than the others.
    private static func beginning(_ word: String, among names: [String]) -> String? {
        let longer = word.count > 1 ? names.filter { $0.hasPrefix(word) }.sorted() : []
        guard let last = longer.last, longer.count > 1 else { return nil }
        return "\(longer.dropLast().joined(separator: ", ")) or \(last)"
    }
}
