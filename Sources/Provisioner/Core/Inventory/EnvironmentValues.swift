/// Replaces `${NAME}` in values by what the environment holds.
package enum EnvironmentValues {
    /// The names that a text asks for; a comment counts too.
    package static func names(in text: String) -> Set<String> {
        Set(
            text.split(separator: "${").dropFirst(text.hasPrefix("${") ? 0 : 1).compactMap { part in
                part.firstIndex(of: "}").map { String(part[..<$0]) }
            }
        )
    }

    /// The text with every `${NAME}` replaced, `nil` after a problem.
    static func replace(
        in text: String,
        at mark: SourceMark,
        _ environment: [String: String],
        secret: Bool,
        _ problems: inout ProblemList
    ) -> String? {
        guard text.contains("${") else { return text }
        guard !secret else {
            problems.add(
                "inventory.environment-secret",
                at: mark,
                "environment values are not used where secrets are involved",
                fix: "write the file's path itself"
            )
            return nil
        }
        var result = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "$") {
            result += rest[..<start]
            let after = rest[rest.index(after: start)...]
            guard after.first == "{", let end = after.firstIndex(of: "}") else {
                result += "$"
                rest = after
                continue
            }
            let name = String(after[after.index(after: after.startIndex)..<end])
            guard let value = environment[name], !value.isEmpty else {
                problems.add(
                    "inventory.environment-missing",
                    at: mark,
                    "the environment has no value for `\(name)`",
                    fix: "export \(name), or write the value here"
                )
                return nil
            }
            result += value
            rest = after[after.index(after: end)...]
        }
        return result + rest
    }
}
