import Dispatch
import Glibc

/// Passes bytes to a port and back, and cuts the connection after so many from the client.
final class CuttingProxy: Sendable {
    private let listener: LoopbackListener
    private let target: UInt16
    private let limit: Int
    var port: UInt16 { listener.port }

    init(to target: UInt16, after limit: Int) throws {
        listener = try LoopbackListener()
        self.target = target
        self.limit = limit
    }

    /// Serves one client, on threads of its own.
    func serve() {
        DispatchQueue(label: "proxy").async { [self] in
            let client = accept(listener.descriptor, nil, nil)
            guard client >= 0 else { return }
            let server = LoopbackListener.dial(target)
            let back = DispatchQueue(label: "proxy.back")
            let done = DispatchSemaphore(value: 0)
            back.async {
                Self.copy(server, client, limit: .max)
                done.signal()
            }
            Self.copy(client, server, limit: limit)
            done.wait()
            close(client)
            close(server)
        }
    }

    private static func copy(_ from: Int32, _ to: Int32, limit: Int) {
        var left = limit
        var buffer = [UInt8](repeating: 0, count: 4096)
        while left > 0 {
            let count = recv(from, &buffer, min(buffer.count, left), 0)
            guard count > 0, send(to, buffer, count, Int32(MSG_NOSIGNAL)) == count else { break }
            left -= count
        }
        shutdown(from, Int32(SHUT_RDWR))
        shutdown(to, Int32(SHUT_RDWR))
    }
}
