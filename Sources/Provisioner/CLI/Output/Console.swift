import FoundationEssentials
import ProvisionCore
import Synchronization
import SystemPackage

#if canImport(Glibc)
import Glibc
#endif

/// Results on standard output, everything else on standard error; colour only where a person looks.
struct Console: Sendable {
    enum Colour: String { case red = "31", yellow = "33", green = "32", dim = "2", bold = "1" }

    private(set) var isQuiet: Bool
    let isColoured: Bool
    /// Whether standard error is a terminal, so that a line may be drawn again.
    let isInteractive: Bool
    /// What the verb's runs keep of it.
    let journal = Journal()

    init(
        quiet: Bool = false,
        noColour: Bool = false,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        isQuiet = quiet
        isInteractive = isatty(STDERR_FILENO) == 1
        let forced = environment["FORCE_COLOR"].map { !$0.isEmpty && $0 != "0" } ?? false
        let forbidden = noColour || !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
        isColoured = forced || (!forbidden && isInteractive)
    }

    /// A result: what the verb was asked for.
    func result(_ text: String) { write(text + "\n", to: .standardOutput) }

    /// Progress and remarks.
    func note(_ text: String) {
        if !isQuiet { write(text + "\n", to: .standardError) }
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

    /// - Parameters:
    ///   - text: What must be read even with `--quiet`.
    ///   - event: What the run's record says of it; `nil` where it says so already, or must not.
    func problem(_ text: String, as event: RunEvent?) {
        if let event { journal.append(event) }
        write(text + "\n", to: .standardError)
    }

    /// The same without progress and remarks.
    var silent: Console {
        var console = self
        console.isQuiet = true
        return console
    }

    /// A part of a screen that is drawn again; only where a person looks.
    func draw(_ text: String) {
        if !isQuiet { write(text, to: .standardError) }
    }

    func paint(_ text: String, _ colour: Colour) -> String {
        isColoured ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    private func write(_ text: String, to descriptor: FileDescriptor) {
        // A reader that went away (`| head`) is not an error of ours.
        _ = try? descriptor.writeAll(text.utf8)
    }
}
