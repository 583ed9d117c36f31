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

    /// A secret, typed without echo.
    static func secret(_ question: String) -> String? {
        guard let text = getpass("\(question): ") else { return nil }
        return String(cString: text)
    }
}
