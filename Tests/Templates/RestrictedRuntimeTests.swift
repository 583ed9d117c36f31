import Foundation
import Templates
import Testing

@Suite struct RestrictedRuntimeTests {
    /// The script beside a runc that prints its arguments and the configuration that it would obey.
    private func run(_ arguments: [String], config: String, in root: URL) async throws -> String {
        let runc = root.appendingPathComponent("bin/runc").path
        try Scratch.stub(runc)
        try Data("#!/bin/sh\necho \"$*\"\ncat \"$BUNDLE/config.json\"\n".utf8).write(to: URL(fileURLWithPath: runc))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: runc)
        let bundle = root.appendingPathComponent("bundle")
        try FileManager.default.createDirectory(at: bundle, withIntermediateDirectories: true)
        try Data(config.utf8).write(to: bundle.appendingPathComponent("config.json"))
        let script = root.appendingPathComponent("runtime.sh").path
        try Data(RestrictedRuntime().rendered().content).write(to: URL(fileURLWithPath: script))
        let command = """
            export PATH=\(ShellQuoting.quote(root.path + "/bin")):$PATH BUNDLE=\(ShellQuoting.quote(bundle.path))
            exec /bin/sh \(([script] + arguments).map(ShellQuoting.quote).joined(separator: " "))
            """
        let result = try await Program.run("/bin/sh", ["-c", command])
        #expect(result.status == 0)
        return result.output
    }

    @Test(arguments: [["create", "--bundle", "BUNDLE", "id"], ["create", "--bundle=BUNDLE", "id"]])
    func `a score below its own becomes its own, and runc is told the rest`(words: [String]) async throws {
        let own = try String(contentsOfFile: "/proc/self/oom_score_adj", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        try await Scratch.with { root in
            let arguments = words.map {
                $0.replacingOccurrences(of: "BUNDLE", with: root.appendingPathComponent("bundle").path)
            }
            let config = #"{"process":{"oomScoreAdj":-998,"args":["/pause"]}}"# + "\n"
            let output = try await run(arguments, config: config, in: root)
            let expected = #"{"process":{"oomScoreAdj":"# + own + #","args":["/pause"]}}"# + "\n"
            #expect(output == arguments.joined(separator: " ") + "\n" + expected)
        }
    }

    @Test func `a score that anybody may set stays, and so does what is no new container`() async throws {
        try await Scratch.with { root in
            let bundle = root.appendingPathComponent("bundle").path
            let positive = #"{"process":{"oomScoreAdj":1000}}"# + "\n"
            let arguments = ["create", "--bundle", bundle, "id"]
            let created = try await run(arguments, config: positive, in: root)
            #expect(created.hasSuffix(positive))
            let negative = #"{"process":{"oomScoreAdj":-998}}"# + "\n"
            let deleted = try await run(["delete", "id"], config: negative, in: root)
            #expect(deleted.hasSuffix(negative))
        }
    }
}
