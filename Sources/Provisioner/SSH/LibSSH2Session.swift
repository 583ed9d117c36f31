internal import CLibSSH2
import Glibc
import ProvisionCore

/// One libssh2 session over one socket; every call waits in short polls, so that deadlines and cancellation hold.
///
/// Not thread-safe (libssh2 issue 531): it lives inside one actor. Channels share the session's state.
final class LibSSH2Session {
    let endpoint: SSHEndpoint
    let pointer: OpaquePointer
    let socket: TCPSocket
    /// The server's last words, where it ended the session with some.
    private(set) var farewell: String?
    /// Whether libssh2 knows the socket; before that its calls would take descriptor 0 for it.
    var hasSocket = false
    /// How often a wait ended because nothing came for a quarter of a second.
    private(set) var emptyWaits = 0

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
        listenForFarewell()
    }

    /// Says goodbye if that needs no waiting; then the socket is shut, so that freeing cannot wait for the peer either.
    deinit {
        libssh2_session_abstract(pointer).pointee = nil
        if hasSocket { libssh2_session_disconnect_ex(pointer, SSH_DISCONNECT_BY_APPLICATION, "done", "") }
        shutdown(socket.descriptor, Int32(SHUT_RDWR))
        libssh2_session_free(pointer)
        close(socket.descriptor)
    }

    private func listenForFarewell() {
        let callback: Disconnected = { _, _, text, length, _, _, abstract in
            guard let text, let object = abstract?.pointee else { return }
            let words = UnsafeBufferPointer(start: text, count: Int(length)).map { UInt8(bitPattern: $0) }
            Unmanaged<LibSSH2Session>.fromOpaque(object).takeUnretainedValue().farewell =
                String(decoding: words, as: UTF8.self)
        }
        libssh2_session_abstract(pointer).pointee = Unmanaged.passUnretained(self).toOpaque()
        libssh2_session_callback_set(
            pointer,
            LIBSSH2_CALLBACK_DISCONNECT,
            unsafeBitCast(callback, to: UnsafeMutableRawPointer.self)
        )
    }

    /// LIBSSH2_DISCONNECT_FUNC.
    private typealias Disconnected =
        @convention(c) (
            OpaquePointer?, Int32, UnsafePointer<CChar>?, Int32, UnsafePointer<CChar>?, Int32,
            UnsafeMutablePointer<UnsafeMutableRawPointer?>?
        ) -> Void

    /// The library's last words, and the server's.
    var lastError: String {
        var text: UnsafeMutablePointer<CChar>?
        let code = libssh2_session_last_error(pointer, &text, nil, 0)
        let words = "\(text.map { String(cString: $0) } ?? "no text") (\(code))"
        return farewell.map { "\(words); the server said: \($0)" } ?? words
    }

    /// Whether the connection is gone, by the library's error code.
    static func isDisconnect(_ code: Int) -> Bool {
        [
            LIBSSH2_ERROR_SOCKET_DISCONNECT, LIBSSH2_ERROR_SOCKET_RECV, LIBSSH2_ERROR_SOCKET_SEND,
            LIBSSH2_ERROR_BANNER_RECV, LIBSSH2_ERROR_BANNER_SEND, LIBSSH2_ERROR_SOCKET_TIMEOUT,
        ].contains(Int32(code))
    }

    /// Calls until the answer is not "again"; negative answers but that are the caller's.
    func wait(_ attempted: String, until deadline: Deadline, _ body: () -> Int) throws(TransportError) -> Int {
        while true {
            let answer = body()
            guard answer == Int(LIBSSH2_ERROR_EAGAIN) else { return answer }
            try pause(attempted, until: deadline)
        }
    }

    /// Waits until the peer sends something, or takes what is waiting to be sent.
    func pause(_ attempted: String, until deadline: Deadline) throws(TransportError) {
        if Task.isCancelled { throw failure(.cancelled, attempted, "cancelled", "run it again") }
        if deadline.hasPassed {
            throw failure(
                .timeout,
                attempted,
                deadline.words,
                "look at the host; the step may still be running there"
            )
        }
        try keepAlive(attempted)
        let isBlocked = libssh2_session_block_directions(pointer) & LIBSSH2_SESSION_BLOCK_OUTBOUND != 0
        if !socket.wait(for: isBlocked ? Int32(POLLIN | POLLOUT) : Int32(POLLIN), until: deadline) { emptyWaits += 1 }
    }

    func failure(
        _ code: TransportError.Code,
        _ attempted: String,
        _ reason: String,
        _ remedy: String
    ) -> TransportError {
        TransportError(code: code, host: endpoint.name, attempted: attempted, reason: reason, remedy: remedy)
    }
}
