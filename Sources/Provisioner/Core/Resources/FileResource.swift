package import Templates

/// A small file with exactly these bytes, this mode and this owner.
package struct FileResource: Resource {
    package let file: RenderedFile
    package let reason: String
    /// A command that must accept the new file, given as its last word, before it replaces the old one.
    package let validator: [String]
    package let digest: String

    package init(_ file: RenderedFile, reason: String, validator: [String] = []) {
        self.file = file
        self.reason = reason
        self.validator = validator
        digest = SHA256Digest.hex(of: file.content)
    }

    package var id: String { Self.id(path: file.path) }
    package var title: String { file.path }
    package var probe: Probe { .file(path: file.path) }

    package static func id(path: String) -> String { "file:\(path)" }

    package func verdict(for answer: ProbeAnswer, changed: Set<String>) -> Verdict {
        let words = answer.words
        guard words.first == "file", words.count == 5 else {
            return .change(words.first == "absent" ? "is missing" : "is not a regular file", [write(.create)])
        }
        guard words[4] == digest else { return .change("content differs", [write(.update)]) }
        let mode = String(file.mode, radix: 8)
        let owner = "\(file.owner):\(file.group)"
        guard words[1] == mode, words[2] == owner else {
            return .change("is \(words[1]) \(words[2]), must be \(mode) \(owner)", [adjust(mode: mode, owner: owner)])
        }
        return .same("content, mode and owner are as wanted")
    }

    private func write(_ kind: Action.Kind) -> Action {
        let mode = String(file.mode, radix: 8)
        var words = ["put", file.path, mode, "\(file.owner):\(file.group)", digest]
        words += validator
        return Action(
            kind: kind,
            title: "\(kind == .create ? "create" : "update") \(file.path)",
            script: HereDocument(content: file.content).feeding(words.map(ShellQuoting.quote).joined(separator: " "))
        )
    }

    private func adjust(mode: String, owner: String) -> Action {
        let path = ShellQuoting.quote(file.path)
        return Action(
            kind: .update,
            title: "set mode and owner of \(file.path)",
            script: "mode \(path) \(mode) \(owner)"
        )
    }
}
