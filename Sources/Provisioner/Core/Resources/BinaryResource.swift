import Templates

/// A large file sent once: streamed to a temporary name beside its place, proven by SHA-256, renamed.
package struct BinaryResource: Resource {
    package let path: String
    package let upload: Action.Upload
    package let mode: UInt16
    package let reason: String

    package init(path: String, upload: Action.Upload, mode: UInt16 = 0o755, reason: String) {
        self.path = path
        self.upload = upload
        self.mode = mode
        self.reason = reason
    }

    package var id: String { Self.id(path: path) }
    package var title: String { path }
    package var digest: String { upload.sha256 }
    package var probe: Probe { .script("big \(ShellQuoting.quote(path))") }

    package static func id(path: String) -> String { "binary:\(path)" }

    package func verdict(for answer: ProbeAnswer, changed: Set<String>) -> Verdict {
        let words = answer.words
        guard words.first == "file", words.count == 5 else { return .change("is missing", [send()]) }
        guard words[4] == upload.sha256 else { return .change("content differs", [send()]) }
        let want = String(mode, radix: 8)
        guard words[1] == want, words[2] == "root:root" else {
            let script = "chown root:root \(ShellQuoting.quote(path))\nchmod \(want) \(ShellQuoting.quote(path))"
            return .change(
                "is \(words[1]) \(words[2]), must be \(want) root:root",
                [Action(kind: .update, title: "set mode and owner of \(path)", script: script)]
            )
        }
        return .same("hash, mode and owner are as wanted")
    }

    private func send() -> Action {
        let words = ["receive", path, String(mode, radix: 8), upload.sha256, String(upload.size)]
        return Action(
            kind: .upload,
            title: "send \(path) (\(upload.size / 1_048_576) MB)",
            script: words.map(ShellQuoting.quote).joined(separator: " "),
            upload: upload,
            seconds: 600
        )
    }
}
