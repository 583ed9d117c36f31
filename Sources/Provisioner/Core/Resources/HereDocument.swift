/// Bytes given to a command inside a script: readable where they are text, base64 otherwise.
package struct HereDocument: Sendable, Hashable {
    package let content: [UInt8]

    package init(content: [UInt8]) { self.content = content }

    /// The command with this content on its standard input.
    package func feeding(_ command: String) -> String {
        guard let text = plainText else {
            return "base64 -d <<'EOF_PROVISION' | \(command)\n\(Base64.encode(content))\nEOF_PROVISION"
        }
        return "\(command) <<'EOF_PROVISION'\n\(text)EOF_PROVISION"
    }

    /// The content as text when a here-document gives back exactly the same bytes.
    private var plainText: String? {
        guard content.last == 0x0A, !content.contains(where: { $0 < 0x20 && $0 != 0x0A && $0 != 0x09 }),
            let text = String(validating: content, as: UTF8.self)
        else { return nil }
        return text.contains("EOF_PROVISION") ? nil : text
    }
}
