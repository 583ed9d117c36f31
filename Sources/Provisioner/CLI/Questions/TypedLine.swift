import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// One line that a person types at a terminal, shown or not.
///
/// While it is awaited Ctrl-C asks no run to stop: it ends the waiting, with the terminal as it was before.
enum TypedLine: Equatable {
    case text(String)
    /// Input has ended.
    case end
    case interrupted

    /// Where a signal is told while a line is awaited, -1 else: a signal's handler may do no more than write there.
    private static let bell = Atomic<Int32>(-1)

    /// Waits for a line.
    ///
    /// - Parameters:
    ///   - input: The terminal.
    ///   - isShown: Whether it appears as it is typed.
    /// - Returns: The line without its end, or why there is none.
    static func next(from input: Int32 = STDIN_FILENO, isShown: Bool) -> TypedLine {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return .end }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        bell.store(ends[1], ordering: .sequentiallyConsistent)
        let watched = watchSignals()
        let former = isShown ? nil : hide(input)
        defer {
            if var former { tcsetattr(input, TCSANOW, &former) }
            for number in watched { signal(number, SIG_DFL) }
            bell.store(-1, ordering: .sequentiallyConsistent)
            for end in ends { close(end) }
        }
        return take(from: input, bell: ends[0])
    }

    /// Tells whoever awaits a line that a signal came; safe in a signal's handler.
    ///
    /// - Returns: Whether somebody awaits one.
    @discardableResult
    static func ring() -> Bool {
        let end = bell.load(ordering: .sequentiallyConsistent)
        guard end >= 0 else { return false }
        let interruptedError = errno
        var byte: UInt8 = 0
        _ = Glibc.write(end, &byte, 1)
        errno = interruptedError
        return true
    }

    private static func take(from input: Int32, bell: Int32) -> TypedLine {
        var bytes: [UInt8] = []
        while true {
            var items = [input, bell].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            if poll(&items, nfds_t(items.count), -1) < 0 {
                if errno == EINTR { continue }
                return .end
            }
            if items[1].revents != 0 { return .interrupted }
            var block = [UInt8](repeating: 0, count: 4096)
            let count = Glibc.read(input, &block, block.count)
            if count < 0, errno == EINTR { continue }
            bytes += block.prefix(max(0, count))
            if let end = bytes.firstIndex(of: 0x0A) { return .text(String(decoding: bytes[..<end], as: UTF8.self)) }
            if count <= 0 { return bytes.isEmpty ? .end : .text(String(decoding: bytes, as: UTF8.self)) }
        }
    }

    /// Turns echo off; Ctrl-C still is a signal, which getpass(3) makes a part of the secret.
    ///
    /// - Returns: How the terminal was; `nil` where it cannot be told.
    private static func hide(_ input: Int32) -> termios? {
        var mode = termios()
        guard tcgetattr(input, &mode) == 0 else { return nil }
        let former = mode
        mode.c_lflag &= ~tcflag_t(ECHO)
        mode.c_lflag |= tcflag_t(ECHONL | ICANON | ISIG)
        return tcsetattr(input, TCSAFLUSH, &mode) == 0 ? former : nil
    }

    /// Rings at signals that would end the program with a silent terminal; a run's own `Interrupts` ring by themselves.
    ///
    /// - Returns: Which of them are watched from now on.
    private static func watchSignals() -> [Int32] {
        var watched: [Int32] = []
        for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
            var current = sigaction()
            guard sigaction(number, nil, &current) == 0, current.__sigaction_handler.sa_handler == nil else { continue }
            signal(number, { _ in TypedLine.ring() })
            watched.append(number)
        }
        return watched
    }
}
