import FoundationEssentials
import ProvisionCore
import Synchronization
import SystemPackage

#if canImport(Glibc)
import Glibc
#endif

/// Results on standard output, everything else on standard error; each has colour only where a person looks at it.
struct Console: Sendable {
    enum Colour: String { case red = "31", yellow = "33", green = "32", dim = "2", bold = "1" }

    private(set) var isQuiet: Bool
    /// Whether what goes to standard error has colour.
    let isColoured: Bool
    private let hasColouredResults: Bool
    /// Whether standard error is a terminal, so that a line may be drawn again.
    let isInteractive: Bool
    /// Whether there is somebody to ask: who answers on standard input sees the question on standard error.
    let canAsk: Bool
    /// What the verb's runs keep of it.
    let journal = Journal()

    init(
        quiet: Bool = false,
        noColour: Bool = false,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        isQuiet = quiet
        let isTerminal = isatty(STDERR_FILENO) == 1
        isInteractive = isTerminal
        canAsk = isTerminal && isatty(STDIN_FILENO) == 1
        isColoured = !noColour && Self.allowsColour(isTerminal, environment)
        hasColouredResults = !noColour && Self.allowsColour(isatty(STDOUT_FILENO) == 1, environment)
    }

    /// Whether a stream has colour; the ban counts for more than the wish (no-color.org).
    static func allowsColour(_ isTerminal: Bool, _ environment: [String: String]) -> Bool {
        guard (environment["NO_COLOR"] ?? "").isEmpty else { return false }
        if let forced = environment["FORCE_COLOR"], !forced.isEmpty, forced != "0" { return true }
        return isTerminal && environment["TERM"] != "dumb"
    }

    /// A result: what the verb was asked for.
    func result(_ text: String) { write(text + "\n", to: .standardOutput, isColoured: hasColouredResults) }

    /// Progress and remarks.
    func note(_ text: String) {
        if !isQuiet { write(text + "\n", to: .standardError, isColoured: isColoured) }
    }

    /// A remark that the run's record keeps.
    func remark(_ text: String) {
        journal.append(RunEvent(.remark, message: text))
        note(text)
    }

    /// What must be read even with `--quiet`; the run's record keeps it.
    func problem(_ text: String) { problem(text, as: RunEvent(.problem, message: text)) }

    /// The same with what to do about it.
    func problem(_ what: String, remedy: String) {
        problem("× \(what)\n  try  \(remedy)", as: RunEvent(.problem, message: what, remedy: remedy))
    }

    /// Another run holds a host, so that nothing was begun.
    func locked(by holder: String, _ inventory: String) {
        problem("locked: \(holder)", remedy: "wait for it, or: provision lock status \(inventory)")
    }

    /// - Parameters:
    ///   - text: What must be read even with `--quiet`.
    ///   - event: What the run's record says of it; `nil` where it says so already, or must not.
    func problem(_ text: String, as event: RunEvent?) {
        if let event { journal.append(event) }
        write(text + "\n", to: .standardError, isColoured: isColoured)
    }

    /// The same without progress and remarks.
    var silent: Console {
        var console = self
        console.isQuiet = true
        return console
    }

    /// A part of a screen that is drawn again; only where a person looks.
    func draw(_ text: String) {
        if !isQuiet { write(text, to: .standardError, isColoured: isColoured) }
    }

    /// For either stream; one that has no colour leaves it out as it is written.
    func paint(_ text: String, _ colour: Colour) -> String {
        isColoured || hasColouredResults ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// Without what `paint` puts around words.
    static func plain(_ text: String) -> String {
        text.contains("\u{1B}") ? text.replacing(/\u{1B}\[[0-9;]*m/, with: "") : text
    }

    private func write(_ text: String, to descriptor: FileDescriptor, isColoured: Bool) {
        // A reader that went away (`| head`) is not an error of ours.
        _ = try? descriptor.writeAll((isColoured ? text : Self.plain(text)).utf8)
    }
}
