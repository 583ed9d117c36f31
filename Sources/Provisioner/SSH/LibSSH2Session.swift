internal import CLibSSH2
import Glibc
import ProvisionCore

/// One libssh2 session over one socket; every call waits in short polls, so that deadlines and cancellation hold.
///
/// Not thread-safe (libssh2 issue 531): it lives inside one actor. Channels share the session's state.
final class LibSSH2Session {
    let endpoint: SSHEndpoint
    let pointer: OpaquePointer
    private let socket: TCPSocket

    private static let isInitialised: Bool = libssh2_init(0) == 0

    init(endpoint: SSHEndpoint, socket: TCPSocket) throws(TransportError) {
        self.endpoint = endpoint
        self.socket = socket
        guard Self.isInitialised, let pointer = libssh2_session_init_ex(nil, nil, nil, nil) else {
            close(socket.descriptor)
            throw TransportError(
                code: .localFailure,
                host: endpoint.name,
                attempted: "start libssh2",
                reason: "no session",
                remedy: "reinstall libssh2-1"
            )
        }
        self.pointer = pointer
        libssh2_session_set_blocking(pointer, 0)
    }

    deinit {
        libssh2_session_free(pointer)
        close(socket.descriptor)
    }

    /// The library's last words.
    var lastError: String {
        var text: UnsafeMutablePointer<CChar>?
        let code = libssh2_session_last_error(pointer, &text, nil, 0)
        return "\(text.map { String(cString: $0) } ?? "no text") (\(code))"
    }

    /// Calls until the answer is not "again"; negative answers but that are the caller's.
    func wait(
        _ attempted: String,
        until deadline: Deadline,
        _ body: () -> Int
    ) throws(TransportError) -> Int {
        while true {
            let answer = body()
            guard answer == Int(LIBSSH2_ERROR_EAGAIN) else { return answer }
            try pause(attempted, until: deadline)
        }
    }

    /// Waits until the socket can do what the session waits for.
    func pause(_ attempted: String, until deadline: Deadline) throws(TransportError) {
        if Task.isCancelled { throw failure(.cancelled, attempted, "cancelled", "run it again") }
        if deadline.hasPassed {
            throw failure(
                .timeout,
                attempted,
                "no answer in time",
                "look at the host; the step may still be running there"
            )
        }
        let directions = libssh2_session_block_directions(pointer)
        var events: Int32 = 0
        if directions & LIBSSH2_SESSION_BLOCK_INBOUND != 0 { events |= Int32(POLLIN) }
        if directions & LIBSSH2_SESSION_BLOCK_OUTBOUND != 0 { events |= Int32(POLLOUT) }
        var item = pollfd(fd: socket.descriptor, events: Int16(events == 0 ? Int32(POLLIN) : events), revents: 0)
        poll(&item, 1, deadline.pollMilliseconds)
    }

    func failure(_ code: TransportError.Code, _ attempted: String, _ reason: String, _ remedy: String) -> TransportError
    {
        TransportError(code: code, host: endpoint.name, attempted: attempted, reason: reason, remedy: remedy)
    }

    /// Algorithms, handshake, host key.
    func handshake(_ check: HostKeyCheck, deadline: Deadline) throws(TransportError) -> HostKey {
        let types = check.preference(of: Methods.hostKeys).joined(separator: ",")
        for (method, list) in [
            (LIBSSH2_METHOD_KEX, Methods.keyExchange), (LIBSSH2_METHOD_HOSTKEY, types),
            (LIBSSH2_METHOD_CRYPT_CS, Methods.ciphers), (LIBSSH2_METHOD_CRYPT_SC, Methods.ciphers),
            (LIBSSH2_METHOD_MAC_CS, Methods.codes), (LIBSSH2_METHOD_MAC_SC, Methods.codes),
        ] { libssh2_session_method_pref(pointer, method, list) }
        let attempted = "SSH handshake with \(endpoint.address)"
        let code = try wait(attempted, until: deadline) { Int(libssh2_session_handshake(pointer, socket.descriptor)) }
        guard code == 0 else { throw handshakeFailure(Int32(code), attempted) }
        var size = 0
        var type: Int32 = 0
        guard let bytes = libssh2_session_hostkey(pointer, &size, &type),
            let key = HostKey(blob: UnsafeRawBufferPointer(start: bytes, count: size).map(\.self))
        else { throw failure(.protocolFailure, attempted, "the server presented no host key", "look at sshd's log") }
        return key
    }

    private func handshakeFailure(_ code: Int32, _ attempted: String) -> TransportError {
        let mismatch =
            code == LIBSSH2_ERROR_KEX_FAILURE || code == LIBSSH2_ERROR_KEY_EXCHANGE_FAILURE
            || code == LIBSSH2_ERROR_METHOD_NONE
        guard mismatch else {
            return failure(.protocolFailure, attempted, lastError, "look at sshd's log on the host")
        }
        return failure(
            .algorithmMismatch,
            attempted,
            "\(lastError); libssh2 1.10 has no rsa-sha2 host keys, no EtM codes, no GCM and no ChaCha20",
            "use ssh.transport: openssh for this host, or give it an ed25519 host key and aes128-ctr with hmac-sha2-256"
        )
    }
}
