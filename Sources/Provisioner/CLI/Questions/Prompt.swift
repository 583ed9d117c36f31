import ProvisionCore
import Synchronization
import SystemPackage

#if canImport(Glibc)
import Glibc
#endif

/// Questions to a person at the terminal, where `Console.canAsk`; Ctrl-C at one ends the program.
///
/// Questions of several hosts come one after another, on standard error: a result may be piped somewhere.
enum Prompt {
    /// Yes or no; anything but a clear yes is no.
    static func confirm(_ question: String) -> Bool {
        ["y", "yes"].contains(ask("\(question) [y/N] ", isShown: true)?.lowercased() ?? "")
    }

    /// One line, without the spaces around it.
    static func line(_ question: String) -> String {
        (ask("\(question): ", isShown: true) ?? "").split(separator: " ").joined(separator: " ")
    }

    /// A secret, typed without echo; `nil` where input has ended.
    static func secret(_ question: String) -> String? { ask("\(question): ", isShown: false) }

    /// A secret that something new is closed with: typed twice, and not empty.
    ///
    /// - Parameters:
    ///   - question: What is asked for.
    ///   - answer: Who answers.
    /// - Returns: The secret; `nil` where input has ended.
    /// - Throws: `CommandFailure` where it protects nothing, or the two are not the same.
    static func newSecret(
        _ question: String,
        answer: (String) -> String? = { Prompt.secret($0) }
    ) throws -> String? {
        guard let first = answer(question) else { return nil }
        guard !first.isEmpty else {
            throw CommandFailure("an empty \(question) protects nothing", remedy: "try again", status: .usage)
        }
        guard let second = answer("the same again") else { return nil }
        guard first == second else {
            throw CommandFailure("the two are not the same; nothing was written", remedy: "try again", status: .usage)
        }
        return first
    }

    /// Says what a run leaves behind that is ended at a question.
    ///
    /// - Parameter body: Ends the program.
    static func onInterrupt(_ body: @escaping @Sendable () -> Never) { leaving.withLock { $0 = body } }

    private static let turn = Mutex(())
    private static let leaving = Mutex<(@Sendable () -> Never)?>(nil)

    private static func ask(_ text: String, isShown: Bool) -> String? {
        turn.withLock { _ -> String? in
            show(text)
            switch TypedLine.next(isShown: isShown) {
            case .text(let line): return line
            case .end: return nil
            case .interrupted: leave()
            }
        }
    }

    private static func leave() -> Never {
        show("\n")
        if let body = leaving.withLock({ $0 }) { body() }
        show("stopped at the question\n")
        Workplace.removeAll()
        _exit(ExitStatus.interrupted.rawValue)
    }

    private static func show(_ text: String) { _ = try? FileDescriptor.standardError.writeAll(text.utf8) }
}
