import ArgumentParser
import Testing

@testable import provision

/// Help as it stands in a terminal.
@Suite struct HelpTextTests {
    private static var commands: [any ParsableCommand.Type] { below(Provision.self) }

    private static func below(_ command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        [command] + command.configuration.subcommands.flatMap(below)
    }

    private static func isIndented(_ line: String) -> Bool { line.hasPrefix(" ") }

    /// A sentence that is broken by hand is broken again where the terminal is narrower.
    @Test func `examples fit into 80 columns, and a paragraph is one line`() {
        for command in Self.commands {
            let lines = command.configuration.discussion.split(separator: "\n", omittingEmptySubsequences: false)
                .map(String.init)
            for (line, next) in zip(lines, lines.dropFirst() + [""]) {
                if Self.isIndented(line) {
                    #expect(line.count < 80, "\(command): \(line)")
                } else {
                    #expect(line.isEmpty || next.isEmpty || Self.isIndented(next), "\(command): \(next)")
                }
            }
        }
    }

    /// Lines of help that begin with an option, whoever has it.
    private func lines(_ option: String) -> [String] {
        Self.commands.flatMap { Provision.helpMessage(for: $0, columns: 400).split(separator: "\n") }
            .map { String($0.trimmingPrefix { $0 == " " }) }.filter { $0.hasPrefix(option) }
    }

    @Test(arguments: [("--limit <", 3), ("--no-input", 20), ("-o, --output <output>   text", 20)])
    func `an option that several verbs have is the same everywhere`(_ option: String, _ least: Int) {
        let lines = lines(option)
        #expect(lines.count >= least && Set(lines).count == 1, "\(Set(lines))")
    }

    @Test func `every verb that can write JSON has an example of it`() {
        for command in Self.commands where command.configuration.subcommands.isEmpty {
            guard Provision.helpMessage(for: command, columns: 400).contains("text, or json") else { continue }
            #expect(command.configuration.discussion.contains(" -o json"), "\(command)")
        }
    }

    @Test func `every verb's help says what its exit statuses mean`() {
        for command in Self.commands where command.configuration.subcommands.isEmpty {
            #expect(command.configuration.discussion.contains("Exit status: "), "\(command)")
        }
    }

    @Test func `only stages that are taken are offered`() {
        let help = Provision.helpMessage(for: CertsRotateCommand.self, columns: 400)
        #expect(help.contains("Stop after this stage. (values: trust-both, new-leaves)"))
        #expect(help.contains("which must be the next one. (values: trust-both, new-leaves, distrust)"))
        for words in [["--until", "distrust"], ["--until", "old-only"], ["--stage", "old-only"]] {
            #expect(throws: (any Error).self) { try Provision.parseAsRoot(["certs", "rotate", "ca"] + words + ["i"]) }
        }
        for words in [["--until", "new-leaves"], ["--stage", "distrust"]] {
            #expect(throws: Never.self) { try Provision.parseAsRoot(["certs", "rotate", "ca"] + words + ["i"]) }
        }
    }
}
