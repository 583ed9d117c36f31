import Glibc
import ProvisionCore

/// A connected, non-blocking TCP socket with small packets sent at once.
struct TCPSocket {
    let descriptor: Int32

    /// Tries each address of the name until one answers or the time is over.
    static func connect(
        host: String,
        address: String,
        port: UInt16,
        deadline: Deadline
    ) throws(TransportError) -> TCPSocket {
        var list: UnsafeMutablePointer<addrinfo>?
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        let code = getaddrinfo(address, String(port), &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        let attempted = "connect to \(address) port \(port)"
        guard code == 0 else {
            throw TransportError(
                code: .nameNotResolved,
                host: host,
                attempted: attempted,
                reason: String(cString: gai_strerror(code)),
                remedy: "check the address in the inventory, or the resolver"
            )
        }
        var last: Int32 = ETIMEDOUT
        var next = list
        while let info = next {
            switch open(info.pointee, deadline) {
            case .success(let socket): return socket
            case .failure(let failure): last = failure.number
            }
            next = info.pointee.ai_next
        }
        throw failure(last, host: host, attempted: attempted)
    }

    private struct SystemFailure: Error { let number: Int32 }

    private static func open(_ info: addrinfo, _ deadline: Deadline) -> Result<TCPSocket, SystemFailure> {
        let descriptor = socket(
            info.ai_family,
            info.ai_socktype | Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue),
            0
        )
        guard descriptor >= 0 else { return .failure(SystemFailure(number: errno)) }
        var number = Glibc.connect(descriptor, info.ai_addr, info.ai_addrlen) == 0 ? 0 : errno
        if number == EINPROGRESS { number = wait(descriptor, deadline) }
        guard number == 0 else {
            close(descriptor)
            return .failure(SystemFailure(number: number))
        }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, socklen_t(MemoryLayout<Int32>.size))
        return .success(TCPSocket(descriptor: descriptor))
    }

    private static func wait(_ descriptor: Int32, _ deadline: Deadline) -> Int32 {
        while !deadline.hasPassed, !Task.isCancelled {
            var item = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard poll(&item, 1, deadline.pollMilliseconds) > 0 else { continue }
            var number: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size)
            return number
        }
        return ETIMEDOUT
    }

    private static func failure(_ number: Int32, host: String, attempted: String) -> TransportError {
        let refused = number == ECONNREFUSED
        return TransportError(
            code: refused ? .refused : .unreachable,
            host: host,
            attempted: attempted,
            reason: String(cString: strerror(number)),
            remedy: refused
                ? "start sshd on the host, or correct ssh.port"
                : "check that the host is up, its address, and firewalls between"
        )
    }
}
