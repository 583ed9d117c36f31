import Synchronization

#if canImport(Glibc)
import Glibc
#endif

/// Questions to a person at the terminal.
enum Prompt {
    /// Yes or no; anything but a clear yes is no.
    ///
    /// Questions of several hosts come one after another, on standard error: a result may be piped somewhere.
    static func confirm(_ question: String) -> Bool {
        turn.withLock { _ in
            fputs("\(question) [y/N] ", stderr)
            return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
        }
    }

    private static let turn = Mutex(())

    /// One line, without the spaces around it.
    static func line(_ question: String) -> String {
        fputs("\(question): ", stderr)
        return (readLine() ?? "").split(separator: " ").joined(separator: " ")
    }

    /// A secret, typed without echo.
    static func secret(_ question: String) -> String? {
        guard let text = getpass("\(question): ") else { return nil }
        return String(cString: text)
    }
}
