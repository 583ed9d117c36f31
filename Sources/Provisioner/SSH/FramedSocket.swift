import Glibc

/// A local socket on which both sides send a length and that many bytes, as ssh-agent and an `ssh` master do.
final class FramedSocket {
    package struct Failure: Error, Sendable { package let reason: String }

    private let descriptor: Int32
    private let deadline: Deadline
    private let heedsCancellation: Bool

    /// Connects; cancellation is not heeded by what must be said just because a task was cancelled.
    init(path: String, deadline: Deadline, heedsCancellation: Bool = true) throws(Failure) {
        self.deadline = deadline
        self.heedsCancellation = heedsCancellation
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array(path.utf8)
        guard name.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw Failure(reason: "the path of its socket is too long")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0 else { throw Failure(reason: "\(path): \(String(cString: strerror(errno)))") }
    }

    deinit { close(descriptor) }

    func send(_ message: [UInt8]) throws(Failure) {
        let frame = Wire.string(message)
        guard Glibc.send(descriptor, frame, frame.count, Int32(MSG_NOSIGNAL)) == frame.count else {
            throw Failure(reason: "it does not take requests")
        }
    }

    /// The next message; never empty.
    func receive() throws(Failure) -> [UInt8] {
        var head = WireReader(try receive(4))
        guard let length = head.number(), (1...(1 << 20)).contains(length) else {
            throw Failure(reason: "it answers with nonsense")
        }
        return try receive(length)
    }

    private func receive(_ count: Int) throws(Failure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var have = 0
        while have < count {
            var item = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            if deadline.hasPassed || (heedsCancellation && Task.isCancelled) {
                throw Failure(reason: "it does not answer in time")
            }
            guard poll(&item, 1, deadline.pollMilliseconds) > 0 else { continue }
            let got = bytes.withUnsafeMutableBytes {
                recv(descriptor, $0.baseAddress?.advanced(by: have), count - have, 0)
            }
            guard got > 0 else { throw Failure(reason: "it hung up") }
            have += got
        }
        return bytes
    }
}
