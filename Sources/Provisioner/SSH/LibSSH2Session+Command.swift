internal import CLibSSH2
import Glibc
import ProvisionCore

/// One command on a channel of its own.
extension LibSSH2Session {
    /// Runs it to its end; both streams are drained while input is still being sent.
    func run(_ exchange: inout CommandExchange, deadline: Deadline) throws(TransportError) -> CommandResult {
        let attempted = "run a command on \(endpoint.address)"
        var deadline = deadline
        let line = exchange.line
        let channel = try openChannel(attempted, deadline)
        defer { libssh2_channel_free(channel) }
        let code = try wait(attempted, until: deadline) {
            Int(libssh2_channel_process_startup(channel, "exec", 4, line, UInt32(line.utf8.count)))
        }
        if Self.isDisconnect(code) { throw lost(attempted) }
        guard code == 0 else { throw failure(.protocolFailure, attempted, lastError, "look at sshd's log on the host") }
        var pump = ChannelPump(channel: channel, session: self, attempted: attempted)
        try pump.run(&exchange, &deadline)
        return try exchange.result(try end(of: channel, attempted, deadline))
    }

    func openChannel(_ attempted: String, _ deadline: Deadline) throws(TransportError) -> OpaquePointer {
        while true {
            if let channel = libssh2_channel_open_ex(pointer, "session", 7, 2 << 20, 32768, nil, 0) { return channel }
            guard libssh2_session_last_errno(pointer) == LIBSSH2_ERROR_EAGAIN else { throw lost(attempted) }
            try pause(attempted, until: deadline)
        }
    }

    /// Only the server's close says how the command ended: a dead session reads as status 0, and so does a command
    /// that goes on after closing its output, if the channel is closed from here.
    private func end(
        of channel: OpaquePointer,
        _ attempted: String,
        _ deadline: Deadline
    ) throws(TransportError) -> CommandResult.Status {
        let ended = try wait(attempted, until: deadline) { Int(libssh2_channel_wait_closed(channel)) }
        let closed = try wait(attempted, until: deadline) { Int(libssh2_channel_close(channel)) }
        guard closed == 0, ended == 0 else { throw lost(attempted) }
        var name: UnsafeMutablePointer<CChar>?
        var length = 0
        libssh2_channel_get_exit_signal(channel, &name, &length, nil, nil, nil, nil)
        guard let name else { return .exited(libssh2_channel_get_exit_status(channel)) }
        defer { libssh2_free(pointer, name) }
        return .signalled(String(cString: name))
    }
}

/// Moves bytes between a channel and an exchange.
private struct ChannelPump {
    let channel: OpaquePointer
    let session: LibSSH2Session
    let attempted: String
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    private var pending: [UInt8] = []
    private var offset = 0
    private var inputEnded = false

    init(channel: OpaquePointer, session: LibSSH2Session, attempted: String) {
        self.channel = channel
        self.session = session
        self.attempted = attempted
    }

    /// Until both ends have closed: a command may close its output and still read.
    mutating func run(_ exchange: inout CommandExchange, _ deadline: inout Deadline) throws(TransportError) {
        while isOpen {
            var moved = try read(&exchange)
            moved = try write(&exchange) || moved
            // Any call may take in what only another one gives, or the end; the socket is empty then and wakes nobody.
            for _ in 0..<3 where !moved && hasMore { moved = try read(&exchange) }
            if moved { deadline.moved() } else if isOpen { try session.pause(attempted, until: deadline) }
        }
        while try read(&exchange) {}
    }

    private var isOpen: Bool { (!inputEnded && !isClosed) || libssh2_channel_eof(channel) == 0 }

    /// Whether the server has closed the channel, whatever is still to be sent.
    private var isClosed: Bool { libssh2_channel_eof(channel) == 1 && libssh2_channel_wait_closed(channel) == 0 }

    /// Whether something has come that was not read yet, on either stream.
    private var hasMore: Bool {
        var count: UInt = 0
        libssh2_channel_window_read_ex(channel, &count, nil)
        return count > 0
    }

    /// Whether anything came, on either stream.
    private mutating func read(_ exchange: inout CommandExchange) throws(TransportError) -> Bool {
        var moved = false
        for stream in [Int32(0), SSH_EXTENDED_DATA_STDERR] {
            let count = libssh2_channel_read_ex(channel, stream, &buffer, buffer.count)
            if count < 0, count != Int(LIBSSH2_ERROR_EAGAIN) { throw session.lost(attempted) }
            guard count > 0 else { continue }
            moved = true
            exchange.take(buffer[..<count], isError: stream != 0)
        }
        return moved
    }

    /// Whether anything was sent.
    private mutating func write(_ exchange: inout CommandExchange) throws(TransportError) -> Bool {
        guard !inputEnded else { return false }
        if offset == pending.count {
            switch try exchange.next() {
            case .hold: return false
            case .end: return finish()
            case .bytes(let bytes): (pending, offset) = (bytes, 0)
            }
        }
        let count = pending.withUnsafeBytes { bytes in
            libssh2_channel_write_ex(
                channel,
                0,
                bytes.baseAddress?.assumingMemoryBound(to: CChar.self).advanced(by: offset),
                bytes.count - offset
            )
        }
        if count == Int(LIBSSH2_ERROR_EAGAIN) { return false }
        // The far side closed its end: it ended early, and its words say why.
        guard count >= 0 else {
            inputEnded = true
            return false
        }
        offset += count
        return count > 0
    }

    private mutating func finish() -> Bool {
        guard libssh2_channel_send_eof(channel) != LIBSSH2_ERROR_EAGAIN else { return false }
        inputEnded = true
        return true
    }
}
