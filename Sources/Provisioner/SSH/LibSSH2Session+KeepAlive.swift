internal import CLibSSH2
import ProvisionCore

/// Signs of life, asked for and given.
extension LibSSH2Session {
    /// From now on a silent server is asked whether it is still there.
    func beginKeepAlive() { libssh2_keepalive_config(pointer, 1, UInt32(endpoint.keepAlive.wholeSeconds)) }

    /// Asks a silent server, and gives up after some times without an answer.
    ///
    /// Never while a packet is half sent: libssh2 would mix the two.
    func keepAlive(_ attempted: String) throws(TransportError) {
        let silence = socket.silence
        if isAuthenticated, silence > endpoint.keepAlive.milliseconds * (endpoint.keepAliveCount + 1) {
            throw lost(attempted, "silent for \(silence / 1000) s")
        }
        guard isAuthenticated, libssh2_session_block_directions(pointer) & LIBSSH2_SESSION_BLOCK_OUTBOUND == 0,
            socket.isWritable
        else { return }
        var next: Int32 = 0
        libssh2_keepalive_send(pointer, &next)
    }

    private var isAuthenticated: Bool { libssh2_userauth_authenticated(pointer) == 1 }

    /// Answers what the server has asked while nothing ran, as a hardened sshd does (ClientAliveInterval).
    ///
    /// libssh2 reads only inside other calls; opening a channel and closing it is one that changes nothing.
    func answerServer(deadline: Deadline) throws(TransportError) {
        let attempted = "keep the session with \(endpoint.address) alive"
        let channel = try openChannel(attempted, deadline)
        defer { libssh2_channel_free(channel) }
        guard try wait(attempted, until: deadline, { Int(libssh2_channel_close(channel)) }) == 0 else {
            throw lost(attempted)
        }
    }

    /// The connection went away: what a command did until then is unknown.
    func lost(_ attempted: String, _ reason: String? = nil) -> TransportError {
        failure(
            .connectionLost,
            attempted,
            reason ?? lastError,
            "what the command did is unknown; run the same again, it asks the host first"
        )
    }
}
