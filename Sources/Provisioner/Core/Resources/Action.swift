/// One atomic change on a host.
package struct Action: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case create, update, delete, upload, start, restart, reload, run, wait
    }

    /// What is otherwise afterwards, as far as a process that read it before is concerned.
    package enum Effect: Sendable, Hashable {
        /// What it would read now.
        case content
        /// Mode and owner alone.
        case attributes
        /// Nothing yet: the new content waits beside its place.
        case held
    }

    /// A large local file, streamed on the command's standard input.
    package struct Upload: Sendable, Hashable {
        package var localPath: String
        package var size: Int
        package var sha256: String

        package init(localPath: String, size: Int, sha256: String) {
            self.localPath = localPath
            self.size = size
            self.sha256 = sha256
        }
    }

    package var kind: Kind
    package var effect = Effect.content
    /// What a person reads: `update /etc/haproxy/haproxy.cfg`.
    package var title: String
    /// POSIX sh, run in a subshell under `set -e` with the prelude's functions; reads its input from here-documents.
    package var script: String
    /// With an upload the script must be one command that reads the file on standard input.
    package var upload: Upload?
    /// Where what was sent lies then, proven by its SHA-256, and may be read by whoever reaches the host; `nil` for
    /// everything that is not public.
    package var sharedPath: String?
    /// Seconds that the script may need; the stage's deadline is the sum.
    ///
    /// Of an upload: after the last byte that moved.
    package var seconds: Int

    package init(
        kind: Kind,
        title: String,
        script: String,
        upload: Upload? = nil,
        sharedPath: String? = nil,
        seconds: Int = 30
    ) {
        self.kind = kind
        self.title = title
        self.script = script
        self.upload = upload
        self.sharedPath = sharedPath
        self.seconds = seconds
    }
}
