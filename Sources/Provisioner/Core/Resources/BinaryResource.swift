import Templates

/// A large file sent once: streamed to a temporary name beside its place, proven by SHA-256, renamed.
package struct BinaryResource: Resource {
    package let path: String
    /// By machine name as `uname -m` says it: `x86_64`, `aarch64`.
    package let uploads: [String: Action.Upload]
    package let mode: UInt16
    package let reason: String

    package init(path: String, uploads: [String: Action.Upload], mode: UInt16 = 0o755, reason: String) {
        self.path = path
        self.uploads = uploads
        self.mode = mode
        self.reason = reason
    }

    package var id: String { Self.id(path: path) }
    package var title: String { path }
    package var digest: String { uploads.sorted { $0.key < $1.key }.map(\.value.sha256).joined(separator: " ") }
    package var probe: Probe { .script("big \(ShellQuoting.quote(path))") }

    package static func id(path: String) -> String { "binary:\(path)" }

    package func verdict(for answer: ProbeAnswer, changed: Set<String>) -> Verdict {
        let words = answer.words
        guard let machine = words.first, let upload = uploads[machine] else {
            return .refused(
                "there is no build of \(path) for \(answer.text)",
                remedy: "set the host's architecture in the inventory, and use a source that has it"
            )
        }
        guard words.count == 6, words[1] == "file" else { return .change("is missing", [send(upload)]) }
        guard words[5] == upload.sha256 else { return .change("content differs", [send(upload)]) }
        let want = String(mode, radix: 8)
        guard words[2] == want, words[3] == "root:root" else {
            let script = "mode \(ShellQuoting.quote(path)) \(want) root:root"
            return .change(
                "is \(words[2]) \(words[3]), must be \(want) root:root",
                [Action(kind: .update, title: "set mode and owner of \(path)", script: script)]
            )
        }
        return .same("hash, mode and owner are as wanted")
    }

    /// The SHA-256 of the build that a host has in its place, as it answered; `nil` where it is not as wanted.
    package func heldDigest(_ answer: ProbeAnswer) -> String? {
        verdict(for: answer, changed: []).isSame ? answer.words.last : nil
    }

    private func send(_ upload: Action.Upload) -> Action {
        let words = ["receive", path, String(mode, radix: 8), upload.sha256, String(upload.size)]
        return Action(
            kind: .upload,
            title: "send \(path) (\(upload.size / 1_048_576) MB)",
            script: words.map(ShellQuoting.quote).joined(separator: " "),
            upload: upload,
            sharedPath: path,
            seconds: 600
        )
    }
}
