internal import CLibSSH2
import Glibc
import ProvisionCore

/// One command on a channel of its own.
extension LibSSH2Session {
    /// Runs it to its end; both streams are drained while input is still being sent.
    func run(
        _ line: String,
        input: inout InputSource,
        limit: Int,
        deadline: Deadline
    ) throws(TransportError) -> CommandResult {
        let attempted = "run a command on \(endpoint.address)"
        let channel = try open(attempted, deadline)
        defer { libssh2_channel_free(channel) }
        let code = try wait(attempted, until: deadline) {
            Int(libssh2_channel_process_startup(channel, "exec", 4, line, UInt32(line.utf8.count)))
        }
        guard code == 0 else { throw failure(.protocolFailure, attempted, lastError, "look at sshd's log on the host") }
        var pump = ChannelPump(limit: limit)
        while libssh2_channel_eof(channel) == 0 {
            var moved = try pump.read(channel, self, attempted)
            moved = try pump.write(channel, &input, self, attempted) || moved
            if !moved { try pause(attempted, until: deadline) }
        }
        while try pump.read(channel, self, attempted) {}
        return try finish(channel, pump, attempted, deadline)
    }

    private func open(_ attempted: String, _ deadline: Deadline) throws(TransportError) -> OpaquePointer {
        while true {
            if let channel = libssh2_channel_open_ex(pointer, "session", 7, 2 << 20, 32768, nil, 0) { return channel }
            guard libssh2_session_last_errno(pointer) == LIBSSH2_ERROR_EAGAIN else {
                throw failure(.connectionLost, attempted, lastError, "run it again; nothing was started")
            }
            try pause(attempted, until: deadline)
        }
    }

    /// Only an orderly close of the channel says how the command ended: a dead session reads as status 0.
    private func finish(
        _ channel: OpaquePointer,
        _ pump: ChannelPump,
        _ attempted: String,
        _ deadline: Deadline
    ) throws(TransportError) -> CommandResult {
        let closed = try wait(attempted, until: deadline) { Int(libssh2_channel_close(channel)) }
        let ended = try wait(attempted, until: deadline) { Int(libssh2_channel_wait_closed(channel)) }
        guard closed == 0, ended == 0 else { throw lost(attempted) }
        var name: UnsafeMutablePointer<CChar>?
        var length = 0
        libssh2_channel_get_exit_signal(channel, &name, &length, nil, nil, nil, nil)
        var status = CommandResult.Status.exited(libssh2_channel_get_exit_status(channel))
        if let name {
            status = .signalled(String(cString: name))
            free(name)
        }
        return CommandResult(status: status, output: pump.output, errorOutput: pump.errors, truncated: pump.isTruncated)
    }

    func lost(_ attempted: String) -> TransportError {
        failure(
            .connectionLost,
            attempted,
            lastError,
            "what the command did is unknown; run the same again, it asks the host first"
        )
    }
}

/// Moves bytes between a channel and memory, keeping no more than the limit of each stream.
private struct ChannelPump {
    let limit: Int
    var output: [UInt8] = []
    var errors: [UInt8] = []
    var isTruncated = false
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    private var pending: [UInt8] = []
    private var offset = 0
    private var inputEnded = false

    init(limit: Int) { self.limit = limit }

    /// Whether anything came, on either stream.
    mutating func read(
        _ channel: OpaquePointer,
        _ session: LibSSH2Session,
        _ attempted: String
    ) throws(TransportError) -> Bool {
        var moved = false
        for stream in [Int32(0), SSH_EXTENDED_DATA_STDERR] {
            let count = libssh2_channel_read_ex(channel, stream, &buffer, buffer.count)
            guard count > 0 else {
                if count < 0, count != Int(LIBSSH2_ERROR_EAGAIN) { throw session.lost(attempted) }
                continue
            }
            moved = true
            keep(count, isError: stream != 0)
        }
        return moved
    }

    private mutating func keep(_ count: Int, isError: Bool) {
        let have = isError ? errors.count : output.count
        let kept = buffer[..<min(count, max(0, limit - have))]
        if kept.count < count { isTruncated = true }
        if isError { errors += kept } else { output += kept }
    }

    /// Whether anything was sent.
    mutating func write(
        _ channel: OpaquePointer,
        _ input: inout InputSource,
        _ session: LibSSH2Session,
        _ attempted: String
    ) throws(TransportError) -> Bool {
        guard !inputEnded else { return false }
        if offset == pending.count {
            pending = try input.next(host: session.endpoint.name)
            offset = 0
        }
        guard !pending.isEmpty else {
            guard libssh2_channel_send_eof(channel) != LIBSSH2_ERROR_EAGAIN else { return false }
            inputEnded = true
            return true
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
}
