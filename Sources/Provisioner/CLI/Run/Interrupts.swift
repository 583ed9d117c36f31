@preconcurrency import Dispatch

#if canImport(Glibc)
import Glibc
#endif

/// Ctrl-C, or the terminal's end, once asks the run to stop after the current atomic action; twice leaves at once.
///
/// The terminal's end is told several times and counts once.
final class Interrupts: Sendable {
    private let sources: [any DispatchSourceSignal]

    /// - Parameters:
    ///   - request: Is told of every signal.
    ///   - react: What is done about one, by what it means.
    init(_ request: StopRequest, react: @escaping @Sendable (StopRequest.Meaning) -> Void) {
        let queue = DispatchQueue(label: "provision.signals")
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                // At a question nothing is to be stopped: whoever asked ends the program.
                if !TypedLine.ring() { react(request.signal(isHangup: number == SIGHUP)) }
            }
            return source
        }
        signal(SIGPIPE, SIG_IGN)
        for source in sources { source.resume() }
    }
}
