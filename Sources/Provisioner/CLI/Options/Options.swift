import ArgumentParser

/// How a verb speaks; every verb has these.
struct OutputOptions: ParsableArguments {
    @Flag(name: [.short, .long], help: "Only results and problems.")
    var quiet = false

    @Flag(name: .long, help: "No colour; NO_COLOR=1 does the same, and FORCE_COLOR does not override it.")
    var noColor = false

    var console: Console { Console(quiet: quiet, noColour: noColor) }
}

/// Which inventory, and how secrets may be asked for.
struct InventoryOptions: ParsableArguments {
    @Argument(help: "The inventory, a YAML file.", completion: .file(extensions: ["yaml", "yml"]))
    var inventory: String

    @OptionGroup var input: InputOptions

    var noInput: Bool { input.noInput }
}

extension InventoryOptions {
    /// The same of a verb that names its inventory in a way of its own.
    init(_ inventory: String, noInput: Bool) {
        self.init()
        self.inventory = inventory
        var input = InputOptions()
        input.noInput = noInput
        self.input = input
    }
}

/// Whether somebody may be asked.
struct InputOptions: ParsableArguments {
    @Flag(name: .long, help: "Never ask; a missing secret is an error.")
    var noInput = false
}

/// The only hosts that take part; without one all of them.
struct LimitOptions: ParsableArguments {
    @Option(name: .customLong("limit"), help: "Only this host; may be repeated.")
    var hosts: [String] = []
}

/// How a verb's result is written; never beside a file that is called `--output`.
struct FormatOptions: ParsableArguments {
    @Option(name: [.customShort("o"), .customLong("output")], help: "text, or json for programs.")
    var format: OutputFormat = .text

    /// Whether nothing but a document may be on standard output.
    var isJSON: Bool { format == .json }
}

/// Text for people, or JSON for programs.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}
