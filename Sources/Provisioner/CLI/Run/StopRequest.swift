import ProvisionCore
import Synchronization

/// Whether somebody has asked the run to stop, and whether that may be heeded now.
final class StopRequest: Sendable {
    /// What one more signal means.
    enum Meaning: Sendable, Equatable {
        /// The run stops after the current step.
        case stops
        /// It stops later: why not now.
        case waits(String)
        /// The run is left at once.
        case leaves
        /// Nothing: the terminal's end is told by the shell and by the kernel, and is no second wish.
        case ignored
    }

    private struct State {
        var signals = 0
        /// Whether the terminal's end was told before.
        var hungUp = false
        /// Why nothing stops now.
        var hold: String?
    }

    private let state = Mutex(State())

    /// Whether the run must stop before its next step.
    var isHeeded: Bool { state.withLock { $0.signals > 0 && $0.hold == nil } }

    /// Takes a signal.
    ///
    /// - Parameter isHangup: Whether it tells that the terminal has gone, which counts once.
    /// - Returns: What it means.
    func signal(isHangup: Bool = false) -> Meaning {
        state.withLock { state in
            guard !isHangup || !state.hungUp else { return .ignored }
            if isHangup { state.hungUp = true }
            state.signals += 1
            guard state.signals == 1 else { return .leaves }
            return state.hold.map(Meaning.waits) ?? .stops
        }
    }

    /// From now on a first signal waits, since what begins must not be left half-way.
    ///
    /// - Parameter reason: What is said to whoever asks meanwhile.
    /// - Returns: Whether it may begin: nobody asked before.
    func hold(_ reason: String) -> Bool {
        state.withLock { state in
            guard state.signals == 0 else { return false }
            state.hold = reason
            return true
        }
    }

    /// What waited is heeded from now on.
    func release() { state.withLock { $0.hold = nil } }

    /// Ends the verb here, where somebody has asked for it.
    ///
    /// - Parameters:
    ///   - outcome: What exists and what does not.
    ///   - remedy: How it goes on.
    /// - Throws: `CommandFailure` with exit status 130.
    func check(_ outcome: String, remedy: String) throws {
        guard isHeeded else { return }
        throw CommandFailure("stopped: \(outcome)", remedy: remedy, status: .interrupted)
    }
}
