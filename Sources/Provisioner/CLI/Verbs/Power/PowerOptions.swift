import ArgumentParser

/// What `stop` and `start` have in common.
struct PowerOptions: ParsableArguments {
    @Flag(name: .long, help: "Only show what would be done, in order; read-only.")
    var plan = false

    @Flag(name: [.short, .long], help: "Do not ask.")
    var yes = false

    @OptionGroup var format: FormatOptions
}
