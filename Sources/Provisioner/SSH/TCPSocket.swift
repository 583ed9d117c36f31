import Glibc
import ProvisionCore

/// A connected, non-blocking TCP socket with small packets sent at once; a dead peer is noticed by the kernel.
struct TCPSocket {
    let descriptor: Int32

    /// Tries each address of the name, each for its share of the time, until one answers.
    static func connect(to endpoint: SSHEndpoint, deadline: Deadline) throws(TransportError) -> TCPSocket {
        let port = endpoint.port ?? 22
        let attempted = "connect to \(endpoint.address) port \(port)"
        let addresses: [NameLookup.Address]
        switch NameLookup.addresses(of: endpoint.address, port: port, until: deadline) {
        case .success(let found): addresses = found
        case .failure(let failure):
            throw TransportError(
                code: Task.isCancelled ? .cancelled : .nameNotResolved,
                host: endpoint.name,
                attempted: attempted,
                reason: failure.text,
                remedy: "check the address in the inventory, or the resolver"
            )
        }
        var last = ETIMEDOUT
        for (index, address) in addresses.enumerated() {
            switch open(address, deadline.share(of: addresses.count - index), for: endpoint) {
            case .success(let socket): return socket
            case .failure(let failure): last = failure.number
            }
        }
        throw failure(last, host: endpoint.name, attempted: attempted)
    }

    /// Milliseconds since anything came from the peer.
    var silence: Int {
        var info = tcp_info()
        var size = socklen_t(MemoryLayout<tcp_info>.size)
        guard getsockopt(descriptor, Int32(IPPROTO_TCP), TCP_INFO, &info, &size) == 0 else { return 0 }
        return Int(info.tcpi_last_data_recv)
    }

    /// Waits for one of the events, no longer than the deadline and a quarter of a second.
    func wait(for events: Int32, until deadline: Deadline) -> Bool {
        var item = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        return poll(&item, 1, deadline.pollMilliseconds) > 0
    }

    /// Whether something can be sent at once.
    var isWritable: Bool {
        var item = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&item, 1, 0) == 1 && item.revents == Int16(POLLOUT)
    }

    private struct SystemFailure: Error { let number: Int32 }

    private static func open(
        _ address: NameLookup.Address,
        _ deadline: Deadline,
        for endpoint: SSHEndpoint
    ) -> Result<TCPSocket, SystemFailure> {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let socket = TCPSocket(descriptor: Glibc.socket(address.family, kind, 0))
        guard socket.descriptor >= 0 else { return .failure(SystemFailure(number: errno)) }
        let code = address.bytes.withUnsafeBytes { bytes in
            bytes.assumingMemoryBound(to: sockaddr.self).baseAddress.map {
                Glibc.connect(socket.descriptor, $0, socklen_t(bytes.count))
            } ?? -1
        }
        var number = code == 0 ? 0 : errno
        if number == EINPROGRESS { number = socket.outcome(deadline) }
        guard number == 0 else {
            close(socket.descriptor)
            return .failure(SystemFailure(number: number))
        }
        socket.setOptions(for: endpoint)
        return .success(socket)
    }

    private func outcome(_ deadline: Deadline) -> Int32 {
        while !deadline.hasPassed, !Task.isCancelled {
            guard wait(for: Int32(POLLOUT), until: deadline) else { continue }
            var number: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size)
            return number
        }
        return Task.isCancelled ? ECANCELED : ETIMEDOUT
    }

    /// The kernel asks an idle peer for life, and gives up on data that is not acknowledged, in the same time.
    private func setOptions(for endpoint: SSHEndpoint) {
        let seconds = Int32(endpoint.keepAlive.wholeSeconds)
        let count = Int32(endpoint.keepAliveCount)
        set(SOL_SOCKET, SO_KEEPALIVE, 1)
        for (option, value) in [
            (TCP_NODELAY, 1), (TCP_KEEPIDLE, seconds), (TCP_KEEPINTVL, seconds), (TCP_KEEPCNT, count),
            (TCP_USER_TIMEOUT, seconds * 1000 * (count + 1)),
        ] { set(Int32(IPPROTO_TCP), option, value) }
    }

    private func set(_ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func failure(_ number: Int32, host: String, attempted: String) -> TransportError {
        let code: TransportError.Code =
            switch number {
            case ECONNREFUSED: .refused
            case ECANCELED: .cancelled
            default: .unreachable
            }
        return TransportError(
            code: code,
            host: host,
            attempted: attempted,
            reason: String(cString: strerror(number)),
            remedy: code == .refused
                ? "start sshd on the host, or correct ssh.port"
                : "check that the host is up, its address, and firewalls between"
        )
    }
}
