/// One file as it must lie on a host: the unit of everything that is rendered.
package struct RenderedFile: Sendable, Hashable {
    /// Whether the content may appear in a diff, a plan or a log; it may not where nobody has said so.
    package enum Secrecy: Sendable, Hashable { case open, secret }

    /// Absolute path on the host.
    package var path: String
    /// The exact bytes; text files are UTF-8 and end with a newline.
    package var content: [UInt8]
    /// Permission bits, for example `0o644`.
    package var mode: UInt16
    package var owner: String
    package var group: String
    package var secrecy: Secrecy

    package init(
        path: String,
        content: [UInt8],
        mode: UInt16 = 0o644,
        owner: String = "root",
        group: String = "root",
        secrecy: Secrecy = .secret
    ) {
        self.path = path
        self.content = content
        self.mode = mode
        self.owner = owner
        self.group = group
        self.secrecy = secrecy
    }

    package init(
        path: String,
        text: String,
        mode: UInt16 = 0o644,
        owner: String = "root",
        group: String = "root",
        secrecy: Secrecy = .secret
    ) {
        self.init(
            path: path,
            content: Array(text.utf8),
            mode: mode,
            owner: owner,
            group: group,
            secrecy: secrecy
        )
    }

    /// The content as text, where it is valid UTF-8.
    package var text: String { String(decoding: content, as: UTF8.self) }
}
