import ArgumentParser

/// `provision version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Print the program's version, and the versions of what it renders.",
        discussion: """
            EXAMPLES:
              provision version
              provision version -o json
            """
    )

    @Option(name: [.customShort("o"), .customLong("output")], help: "text, or json for programs.")
    var format: OutputFormat = .text

    func run() {
        let view = VersionView()
        Console().result(format == .json ? view.json() : view.text)
    }
}
