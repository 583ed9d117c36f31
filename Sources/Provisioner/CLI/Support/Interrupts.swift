@preconcurrency import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// Ctrl-C, or the terminal's end, once asks the run to stop after the current atomic action; twice leaves at once.
final class Interrupts: Sendable {
    private let count = Atomic<Int>(0)
    private let sources: [any DispatchSourceSignal]

    init(onFirst: @escaping @Sendable () -> Void, onSecond: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "provision.signals")
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: queue)
        }
        signal(SIGPIPE, SIG_IGN)
        for source in sources {
            source.setEventHandler { [weak self] in
                guard let self else { return }
                if self.count.add(1, ordering: .relaxed).newValue == 1 { onFirst() } else { onSecond() }
            }
            source.resume()
        }
    }

    var isInterrupted: Bool { count.load(ordering: .relaxed) > 0 }
}
