import Testing

@testable import provision

@Suite struct ConsoleTests {
    private static let streams: [(Bool, [String: String], Bool)] = [
        (true, [:], true), (false, [:], false), (true, ["TERM": "dumb"], false),
        (true, ["NO_COLOR": "1"], false), (true, ["NO_COLOR": ""], true),
        (false, ["FORCE_COLOR": "1"], true), (false, ["FORCE_COLOR": "0"], false), (false, ["FORCE_COLOR": ""], false),
        (false, ["FORCE_COLOR": "1", "TERM": "dumb"], true), (true, ["FORCE_COLOR": "1", "NO_COLOR": "1"], false),
    ]

    @Test(arguments: streams)
    func `a stream has colour where a person looks at it, and a ban counts for more than a wish`(
        _ isTerminal: Bool,
        _ environment: [String: String],
        _ isColoured: Bool
    ) {
        #expect(Console.allowsColour(isTerminal, environment) == isColoured)
    }

    @Test func `a flag counts for more than the environment`() {
        let console = Console(noColour: true, environment: ["FORCE_COLOR": "1"])
        #expect(!console.isColoured && console.paint("no", .red) == "no")
    }

    @Test func `what is painted is plain where a stream has no colour`() {
        let painted = Console(environment: ["FORCE_COLOR": "1"]).paint("× failed", .red)
        #expect(painted == "\u{1B}[31m× failed\u{1B}[0m")
        #expect(Console.plain("a \(painted) b") == "a × failed b")
    }
}
