#if canImport(Glibc)
import Glibc
#endif

/// Questions to a person at the terminal.
enum Prompt {
    /// Yes or no; anything but a clear yes is no.
    static func confirm(_ question: String) -> Bool {
        print("\(question) [y/N] ", terminator: "")
        fflush(nil)
        return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
    }

    /// One line, without the spaces around it.
    static func line(_ question: String) -> String {
        print("\(question): ", terminator: "")
        fflush(nil)
        return (readLine() ?? "").split(separator: " ").joined(separator: " ")
    }

    /// A secret, typed without echo.
    static func secret(_ question: String) -> String? {
        guard let text = getpass("\(question): ") else { return nil }
        return String(cString: text)
    }
}
