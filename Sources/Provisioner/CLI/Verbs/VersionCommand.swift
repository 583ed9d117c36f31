import ArgumentParser

/// `provision version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Print the version.",
        discussion: "EXAMPLES:\n  provision version"
    )

    func run() { Console().result(Version.text) }
}
