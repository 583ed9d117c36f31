/// The control socket of an `ssh` master (OpenSSH's PROTOCOL.mux), for the two questions that need no process.
struct MasterSocket {
    let path: String

    private static let hello = Wire.number(1) + Wire.number(4)

    /// Whether the master is there and its connection stands.
    var isAlive: Bool {
        // MUX_C_ALIVE_CHECK is answered by MUX_S_ALIVE.
        (try? ask(0x1000_0004).receive()).map { $0.prefix(4) == Wire.number(0x8000_0005)[...] } ?? false
    }

    /// Ends the master, and with it the connection; waits until it is gone.
    func terminate() {
        // MUX_C_TERMINATE is answered by MUX_S_OK, and then by hanging up.
        guard let socket = try? ask(0x1000_0005) else { return }
        while (try? socket.receive()) != nil {}
    }

    private func ask(_ request: Int) throws(FramedSocket.Failure) -> FramedSocket {
        let socket = try FramedSocket(path: path, deadline: Deadline(after: .seconds(5)), heedsCancellation: false)
        try socket.send(Self.hello)
        _ = try socket.receive()
        try socket.send(Wire.number(request) + Wire.number(1))
        return socket
    }
}
