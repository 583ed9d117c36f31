import Synchronization

/// What a run cost on the wire, per host.
package final class TransportCounters: Sendable {
    package struct Count: Sendable, Equatable {
        package var connections = 0
        package var commands = 0
        /// Standard input and command lines; standard output and error.
        package var bytesUp = 0
        package var bytesDown = 0
        /// How often libssh2 waited a quarter of a second for nothing: a command that takes no time has none.
        package var emptyWaits = 0
    }

    private let counts = Mutex<[String: Count]>([:])

    package init() {}

    package var all: [String: Count] { counts.withLock(\.self) }

    func connected(_ host: String) { counts.withLock { $0[host, default: Count()].connections += 1 } }

    func ran(_ host: String, up: Int, down: Int, emptyWaits: Int = 0) {
        counts.withLock {
            $0[host, default: Count()].commands += 1
            $0[host, default: Count()].bytesUp += up
            $0[host, default: Count()].bytesDown += down
            $0[host, default: Count()].emptyWaits += emptyWaits
        }
    }
}
