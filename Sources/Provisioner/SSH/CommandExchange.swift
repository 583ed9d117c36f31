import ProvisionCore

/// One command's traffic without the wire: what is kept of its output, and what it is sent next.
///
/// libssh2's channel and a local process's pipes are pumped by different loops; what they pump is decided here.
struct CommandExchange: Sendable {
    enum Piece: Equatable {
        case bytes([UInt8])
        /// Nothing yet: sudo has to begin first.
        case hold
        case end
    }

    /// What the login shell is given.
    let line: String
    private let endpoint: SSHEndpoint
    private let limit: Int
    private var input: InputSource
    private var gate: SudoGate?
    private var output: [UInt8] = []
    private var errors: [UInt8] = []
    private var isTruncated = false
    /// Bytes received, and sent.
    private(set) var received = 0
    private(set) var sent = 0

    init(_ command: RemoteCommand, endpoint: SSHEndpoint) throws(TransportError) {
        let privileged = PrivilegedCommand(command.line, endpoint: endpoint)
        line = privileged.line
        gate = privileged.gate
        self.endpoint = endpoint
        limit = command.outputLimit
        input = try InputSource(command.input, after: privileged.head, host: endpoint.name)
    }

    /// For a program of ours that reads nothing.
    static func nothing(_ endpoint: SSHEndpoint, limit: Int) throws(TransportError) -> CommandExchange {
        var endpoint = endpoint
        endpoint.privilege = .direct
        return try CommandExchange(RemoteCommand(line: "", outputLimit: limit), endpoint: endpoint)
    }

    /// Takes what came on standard output or standard error.
    mutating func take(_ bytes: ArraySlice<UInt8>, isError: Bool) {
        received += bytes.count
        let own = isError ? gate?.filter(bytes) ?? bytes : bytes
        let have = isError ? errors.count : output.count
        let kept = own.prefix(max(0, limit - have))
        if kept.count < own.count { isTruncated = true }
        if isError { errors += kept } else { output += kept }
    }

    /// What to send next.
    mutating func next() throws(TransportError) -> Piece {
        let piece = if let asked = gate?.next() { asked } else { try ownInput() }
        if case .bytes(let bytes) = piece { sent += bytes.count }
        return piece
    }

    private mutating func ownInput() throws(TransportError) -> Piece {
        let bytes = try input.next(host: endpoint.name)
        return bytes.isEmpty ? .end : .bytes(bytes)
    }

    /// The result of a command that has ended.
    ///
    /// - Throws: `TransportError` when sudo did not let it begin.
    func result(_ status: CommandResult.Status) throws(TransportError) -> CommandResult {
        if let gate, !gate.isOpen { throw PrivilegedCommand.refusal(gate, endpoint: endpoint) }
        return CommandResult(status: status, output: output, errorOutput: errors, truncated: isTruncated)
    }
}
