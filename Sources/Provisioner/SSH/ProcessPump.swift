import Glibc
import ProvisionCore
import SystemPackage

/// Moves bytes between a program's pipes and an exchange until the program has ended.
struct ProcessPump {
    private let pipes: ProcessPipes
    /// A pidfd: readable once the program has ended.
    private let process: Int32
    private let host: String
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    private var pending: ArraySlice<UInt8> = []
    private var open: [Bool] = [true, true]

    init(pipes: ProcessPipes, process: Int32, host: String) {
        self.pipes = pipes
        self.process = process
        self.host = host
    }

    /// A program that has ended may have left its output to a child; what is there by then is taken, no more.
    mutating func run(_ exchange: inout CommandExchange, _ deadline: Deadline) throws(TransportError) {
        var deadline = deadline
        var hasEnded = false
        while !hasEnded {
            try fill(&exchange)
            hasEnded = try wait(deadline)
            let came = try drain(&exchange)
            if send() || came { deadline.moved() }
        }
        while open.contains(true), try drain(&exchange) {}
        // Cancelling ends the program too; that end says nothing of the command's.
        if Task.isCancelled { throw failure(.cancelled, "cancelled", "run it again") }
    }

    private mutating func fill(_ exchange: inout CommandExchange) throws(TransportError) {
        guard pipes.input != nil, pending.isEmpty else { return }
        switch try exchange.next() {
        case .bytes(let bytes): pending = bytes[...]
        case .hold: break
        case .end: pipes.closeInput()
        }
    }

    /// Whether the program has ended.
    private func wait(_ deadline: Deadline) throws(TransportError) -> Bool {
        if Task.isCancelled { throw failure(.cancelled, "cancelled", "run it again") }
        if deadline.hasPassed { throw failure(.timeout, deadline.words, "look at the host; it may still be running") }
        let input = pending.isEmpty ? -1 : pipes.input?.rawValue ?? -1
        var items = [
            pollfd(fd: process, events: Int16(POLLIN), revents: 0),
            pollfd(fd: open[0] ? pipes.output.rawValue : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: open[1] ? pipes.errors.rawValue : -1, events: Int16(POLLIN), revents: 0),
            pollfd(fd: input, events: Int16(POLLOUT), revents: 0),
        ]
        poll(&items, nfds_t(items.count), deadline.pollMilliseconds)
        return items[0].revents != 0
    }

    /// Whether anything came, on either stream.
    private mutating func drain(_ exchange: inout CommandExchange) throws(TransportError) -> Bool {
        var moved = false
        for (index, stream) in [pipes.output, pipes.errors].enumerated() where open[index] {
            let count = Glibc.read(stream.rawValue, &buffer, buffer.count)
            if count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR) { open[index] = false }
            guard count > 0 else { continue }
            moved = true
            exchange.take(buffer[..<count], isError: index == 1)
        }
        return moved
    }

    /// Whether anything was taken.
    private mutating func send() -> Bool {
        guard let input = pipes.input, !pending.isEmpty else { return false }
        let count = pending.withUnsafeBytes { Glibc.write(input.rawValue, $0.baseAddress, $0.count) }
        if count > 0 {
            pending = pending.dropFirst(count)
        } else if count < 0, errno != EAGAIN, errno != EINTR {
            // It ended early or closed its end, and its words say why.
            pending = []
            pipes.closeInput()
        }
        return count > 0
    }

    private func failure(_ code: TransportError.Code, _ reason: String, _ remedy: String) -> TransportError {
        TransportError(code: code, host: host, attempted: "run a command", reason: reason, remedy: remedy)
    }
}
