import Templates

/// A directory with this mode and owner; what lies in it is not looked at.
package struct DirectoryResource: Resource {
    package let path: String
    package let mode: UInt16
    package let owner: String
    package let reason: String

    package init(_ path: String, mode: UInt16 = 0o755, owner: String = "root:root", reason: String) {
        self.path = path
        self.mode = mode
        self.owner = owner
        self.reason = reason
    }

    package var id: String { "directory:\(path)" }
    package var title: String { "\(path)/" }
    package var probe: Probe { .file(path: path) }
    package var digest: String { "\(String(mode, radix: 8)) \(owner)" }

    package func verdict(for answer: ProbeAnswer, changed: Set<String>) -> Verdict {
        let words = answer.words
        if words.first == "directory", words.count >= 3 {
            let have = "\(words[1]) \(words[2])"
            return have == digest ? .same("exists") : .change("is \(have), must be \(digest)", [make(.update)])
        }
        guard words.first == "absent" else {
            return .refused("\(path) is not a directory", remedy: "move it away, then run again")
        }
        return .change("is missing", [make(.create)])
    }

    private func make(_ kind: Action.Kind) -> Action {
        Action(
            kind: kind,
            title: "\(kind == .create ? "create" : "set mode and owner of") \(path)/",
            script: "folder \(ShellQuoting.quote(path)) \(String(mode, radix: 8)) \(owner)"
        )
    }
}
