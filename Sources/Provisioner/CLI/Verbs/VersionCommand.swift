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

            \(ExitStatusLine.text("0 printed", .nothing))
            """
    )

    @OptionGroup var format: FormatOptions

    func run() {
        let view = VersionView()
        Console().result(format.isJSON ? view.json() : view.text)
    }
}
