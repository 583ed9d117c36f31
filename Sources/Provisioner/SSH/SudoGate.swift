import Templates

/// The talk with sudo before a command: what is said on standard error until the command itself has begun.
///
/// The rest of standard input waits until then, so that a wrong password costs one attempt, sudo never takes a
/// script for a second one, and a host that wants no password does not run the password as a command.
struct SudoGate: Sendable {
    private enum State { case starting, asked, refused, begun, open }

    /// What sudo prints each time it wants the password.
    let prompt: String
    /// What the command prints when it begins.
    let start: String
    private let password: Secret<String>?
    private var state = State.starting
    private var preamble: [UInt8] = []

    init(nonce: String, password: Secret<String>?) {
        prompt = "\(nonce)-password:"
        start = "\(nonce)-start"
        self.password = password
    }

    /// Whether the command has begun.
    var isOpen: Bool { state == .begun || state == .open }

    /// sudo's own words, without the prompts.
    var words: String {
        String(decoding: preamble, as: UTF8.self).replacing(prompt, with: "")
            .split(whereSeparator: \.isNewline).joined(separator: "; ")
    }

    /// Takes standard error; gives back what belongs to the command.
    mutating func filter(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard !isOpen else { return bytes }
        preamble = (preamble + bytes).suffix(1 << 16)
        guard let begin = preamble.firstRange(of: Array("\(start)\n".utf8)) else {
            if preamble.ranges(of: Array(prompt.utf8)).count > 1 { state = .refused }
            return []
        }
        state = .begun
        let rest = preamble[begin.upperBound...]
        preamble.removeSubrange(begin.lowerBound...)
        return rest
    }

    /// The next piece for standard input before the command's own; `nil` when that may follow.
    mutating func next() -> CommandExchange.Piece? {
        guard let password else { return nil }
        switch state {
        case .starting:
            state = .asked
            return .bytes(Array(password.reveal().utf8) + [0x0A])
        case .asked: return .hold
        case .refused: return .end
        case .begun:
            state = .open
            return .bytes(Array("\(start)\n".utf8))
        case .open: return nil
        }
    }
}
