/// A client of ssh-agent (draft-miller-ssh-agent): lists keys and signs, in bounded time.
///
/// libssh2's own waits for the agent without limit, for example while it asks a person to confirm.
struct SSHAgent: Sendable {
    let path: String
    let deadline: Deadline

    /// The public halves of the keys that it holds, in its order.
    func keys() throws(FramedSocket.Failure) -> [HostKey] {
        var reader = WireReader(try ask([11], expecting: 12))
        guard let count = reader.number() else { throw FramedSocket.Failure(reason: "its answer is cut short") }
        var keys: [HostKey] = []
        for _ in 0..<count {
            guard let blob = reader.string(), reader.string() != nil else { break }
            if let key = HostKey(blob: blob) { keys.append(key) }
        }
        return keys
    }

    /// The signature alone, without the algorithm's name.
    func sign(_ data: [UInt8], with key: HostKey) throws(FramedSocket.Failure) -> [UInt8] {
        let answer = try ask([13] + Wire.string(key.blob) + Wire.string(data) + Wire.number(0), expecting: 14)
        var outer = WireReader(answer)
        var inner = WireReader(outer.string() ?? [])
        guard inner.string() != nil, let signature = inner.string() else {
            throw FramedSocket.Failure(reason: "its signature cannot be read")
        }
        return signature
    }

    private func ask(_ request: [UInt8], expecting type: UInt8) throws(FramedSocket.Failure) -> [UInt8] {
        let socket = try FramedSocket(path: path, deadline: deadline)
        try socket.send(request)
        let answer = try socket.receive()
        guard answer[0] == type else { throw FramedSocket.Failure(reason: "it refuses") }
        return Array(answer.dropFirst())
    }
}
