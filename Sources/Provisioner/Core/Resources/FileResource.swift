package import Templates

/// A small file with exactly these bytes, this mode and this owner.
package struct FileResource: Resource {
    package let file: RenderedFile
    package let reason: String
    /// A command that must accept the new file, given as its last word, before it replaces the old one.
    package let validator: [String]
    package let digest: String
    /// Where it stands in a pair that must change together.
    package let part: PairPart

    /// A certificate beside the key of another one fails every new connection of a process that reads them per
    /// handshake, so the key waits beside its place until both change in one system call.
    package enum PairPart: Sendable, Hashable {
        case single, key
        case certificate(key: String, keyDigest: String)
    }

    package init(_ file: RenderedFile, reason: String, validator: [String] = [], part: PairPart = .single) {
        self.file = file
        self.reason = reason
        self.validator = validator
        self.part = part
        digest = SHA256Digest.hex(of: file.content)
    }

    package var id: String { Self.id(path: file.path) }
    package var title: String { file.path }
    package var probe: Probe { .file(path: file.path) }

    /// Why a file changes that holds something else: what we wrote before, or what nobody of us ever wrote.
    package static let differs = "content differs"
    package static let edited = "was edited by hand since it was written"

    package static func id(path: String) -> String { "file:\(path)" }

    package func verdict(for answer: ProbeAnswer, changed: Set<String>) -> Verdict {
        if case .certificate(let key, _) = part, changed.contains(Self.heldMark(key)) {
            return .change("changes together with its key", [write(answer.text == "absent" ? .create : .update)])
        }
        let words = answer.words
        guard words.first == "file", words.count >= 5 else {
            return .change(words.first == "absent" ? "is missing" : "is not a regular file", [write(.create)])
        }
        guard words[4] == digest else {
            return .change(words.last == "edited" ? Self.edited : Self.differs, [write(.update)])
        }
        let mode = String(file.mode, radix: 8)
        let owner = "\(file.owner):\(file.group)"
        guard words[1] == mode, words[2] == owner else {
            return .change("is \(words[1]) \(words[2]), must be \(mode) \(owner)", [adjust(mode: mode, owner: owner)])
        }
        return .same("content, mode and owner are as wanted")
    }

    private static func heldMark(_ path: String) -> String { "held:\(path)" }

    /// A process that read the file read the same content, whatever its mode: after a repair of that nothing has changed.
    package func marks(of verdict: Verdict) -> Set<String> {
        let effects = Set(verdict.actions.map(\.effect))
        if effects == [.attributes] { return [] }
        return effects.contains(.held) ? [id, Self.heldMark(file.path)] : [id]
    }

    /// The prelude's function that takes the content, and its words.
    private var receiver: [String] {
        let placed = [file.path, String(file.mode, radix: 8), "\(file.owner):\(file.group)", digest]
        switch part {
        case .single: return ["put"] + placed + validator
        case .key: return ["hold"] + placed
        case .certificate(let key, let keyDigest): return ["pair"] + placed + [key, keyDigest]
        }
    }

    private func write(_ kind: Action.Kind) -> Action {
        var action = Action(
            kind: kind,
            title: "\(kind == .create ? "create" : "update") \(file.path)",
            script: HereDocument(content: file.content).feeding(receiver.map(ShellQuoting.quote).joined(separator: " "))
        )
        if part == .key { action.effect = .held }
        return action
    }

    private func adjust(mode: String, owner: String) -> Action {
        let path = ShellQuoting.quote(file.path)
        var action = Action(
            kind: .update,
            title: "set mode and owner of \(file.path)",
            script: "mode \(path) \(mode) \(owner)"
        )
        action.effect = .attributes
        return action
    }
}
