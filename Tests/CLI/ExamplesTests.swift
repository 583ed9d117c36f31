import ArgumentParser
import Foundation
import Testing

@testable import provision

/// Whatever a help text or a document tells people to type is understood.
@Suite struct ExamplesTests {
    @Test func `every example of every verb's help is a command line that the program takes`() throws {
        let examples = Self.commands(below: Provision.self).flatMap { command in
            Self.examples(in: command.configuration.discussion, after: "EXAMPLES:")
        }
        #expect(examples.count > 100)
        for example in examples { Self.parse(example, from: "a help text") }
    }

    @Test func `every verb has an example`() {
        for command in Self.commands(below: Provision.self) where command.configuration.subcommands.isEmpty {
            #expect(command.configuration.discussion.contains("EXAMPLES:"), "\(command)")
        }
    }

    @Test(arguments: try documents()) func `every command line of a document is one`(document: String) throws {
        let text = try String(contentsOfFile: Self.root + document, encoding: .utf8)
        for example in Self.examples(in: text, after: nil) { Self.parse(example, from: document) }
    }

    private static let root = String(#filePath.dropLast("Tests/CLI/ExamplesTests.swift".count))

    private static func documents() throws -> [String] {
        let docs = try FileManager.default.contentsOfDirectory(atPath: root + "docs").filter { $0.hasSuffix(".md") }
        return ["README.md"] + docs.sorted().map { "docs/" + $0 }
    }

    private static func commands(below command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        [command] + command.configuration.subcommands.flatMap(commands)
    }

    /// Indented lines that call the program, without what a shell or a reader makes of their rest.
    private static func examples(in text: String, after heading: String?) -> [String] {
        let joined = text.replacing("\\\n", with: " ")
        let body = heading.map { joined.components(separatedBy: $0).dropFirst().joined() } ?? joined
        return body.split(separator: "\n").filter { $0.hasPrefix("  ") }.map { $0.trimmingPrefix { $0 == " " } }
            .filter { $0.hasPrefix("provision ") }.map { line in
                var line = String(line)
                for end in [" #", " > ", " | ", " && ", "; "] {
                    line = line.split(separator: end, maxSplits: 1).first.map(String.init) ?? line
                }
                // Where two words stand far apart a remark begins, except in a line that was continued.
                guard text.contains(line) else { return line }
                return line.split(separator: "  ", maxSplits: 1).first.map(String.init) ?? line
            }
    }

    private static func parse(_ example: String, from place: String) {
        do { _ = try Provision.parseAsRoot(Array(words(example).dropFirst())) } catch {
            guard !Provision.exitCode(for: error).isSuccess, !example.contains(" UUID ") else { return }
            Issue.record("\(place): \(example): \(Provision.message(for: error))")
        }
    }

    /// As a shell sees them: what stands between single quotes is one word.
    private static func words(_ line: String) -> [String] {
        line.split(separator: "'", omittingEmptySubsequences: false).enumerated().flatMap { index, part in
            index.isMultiple(of: 2) ? part.split(separator: " ").map(String.init) : [String(part)]
        }
    }
}
