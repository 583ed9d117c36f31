import ArgumentParser

/// How a verb speaks; every verb has these.
struct OutputOptions: ParsableArguments {
    @Flag(name: [.short, .long], help: "Only results and problems.")
    var quiet = false

    @Flag(name: .long, help: "No colour, whatever FORCE_COLOR says (also: NO_COLOR).")
    var noColor = false

    var console: Console { Console(quiet: quiet, noColour: noColor) }
}

/// Which inventory, and how secrets may be asked for.
struct InventoryOptions: ParsableArguments {
    @Argument(help: "The inventory, a YAML file.", completion: .file(extensions: ["yaml", "yml"]))
    var inventory: String

    @Flag(name: .long, help: "Never ask; a missing secret is an error.")
    var noInput = false
}

/// Text for people, or JSON for programs.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}
