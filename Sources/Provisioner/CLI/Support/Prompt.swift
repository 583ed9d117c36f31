import Synchronization
import SystemPackage

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
            show("\(question) [y/N] ")
            return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
        }
    }

    private static let turn = Mutex(())

    private static func show(_ text: String) { _ = try? FileDescriptor.standardError.writeAll(text.utf8) }

    /// One line, without the spaces around it.
    static func line(_ question: String) -> String {
        show("\(question): ")
        return (readLine() ?? "").split(separator: " ").joined(separator: " ")
    }

    /// A secret, typed without echo.
    static func secret(_ question: String) -> String? {
        guard let text = getpass("\(question): ") else { return nil }
        return String(cString: text)
    }
}
