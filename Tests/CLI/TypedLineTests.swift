import Foundation
import Testing

@testable import provision

#if canImport(Glibc)
import Glibc
#endif

/// One line at a time: whoever awaits one is told of signals by the whole process.
@Suite(.serialized) struct TypedLineTests {
    /// A terminal, from both sides.
    private struct Terminal {
        /// What the person has.
        let master: Int32
        /// What the program has.
        let slave: Int32

        init() throws {
            var held: Int32 = -1
            var opened: Int32 = -1
            try #require(openpty(&held, &opened, nil, nil, nil) == 0)
            master = held
            slave = opened
        }

        func enter(_ text: String) {
            let bytes = Array(text.utf8)
            _ = write(master, bytes, bytes.count)
        }

        /// The local modes (termios(3)).
        var modes: tcflag_t {
            var mode = termios()
            tcgetattr(slave, &mode)
            return mode.c_lflag
        }

        var hasEcho: Bool { modes & tcflag_t(ECHO) != 0 }

        func close() {
            Glibc.close(slave)
            Glibc.close(master)
        }
    }

    /// Awaits a line on a thread of its own, and calls the body once the terminal is silent.
    private func hidden(_ terminal: Terminal, whileSilent body: () throws -> Void) async throws -> TypedLine {
        let slave = terminal.slave
        let line = Task.detached { TypedLine.next(from: slave, isShown: false) }
        while terminal.hasEcho { try await Task.sleep(for: .milliseconds(5)) }
        try body()
        return await line.value
    }

    @Test(.timeLimit(.minutes(1))) func `a secret is not shown, and Ctrl-C stays a signal`() async throws {
        let terminal = try Terminal()
        defer { terminal.close() }
        let before = terminal.modes
        let line = try await hidden(terminal) {
            #expect(terminal.modes & tcflag_t(ISIG) != 0)
            terminal.enter("correct horse\nand more\n")
        }
        #expect(line == .text("correct horse"))
        #expect(terminal.modes == before)
    }

    @Test(.timeLimit(.minutes(1))) func `a signal ends the waiting, and the terminal is as it was`() async throws {
        let terminal = try Terminal()
        defer { terminal.close() }
        let before = terminal.modes
        let line = try await hidden(terminal) { #expect(TypedLine.ring()) }
        #expect(line == .interrupted)
        #expect(terminal.modes == before)
        #expect(!TypedLine.ring(), "nobody awaits a line any more")
    }

    @Test(.timeLimit(.minutes(1))) func `the end of input is no line`() async throws {
        let terminal = try Terminal()
        defer { terminal.close() }
        #expect(try await hidden(terminal) { terminal.enter("\u{4}") } == .end)
    }
}
