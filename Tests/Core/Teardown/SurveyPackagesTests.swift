import Foundation
import ProvisionCore
import Testing

/// What a survey says of packages, by this machine's shell and a dpkg that is a stand-in.
@Suite struct SurveyPackagesTests {
    private func survey(receipt: [String], installed: [String]) throws -> HostSurvey {
        let folder = URL(filePath: NSTemporaryDirectory()).appending(path: "provision-survey-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let lines = receipt.map { line in
            let words = line.split(separator: " ")
            return #"{"action":"\#(words[0])","path":"package:\#(words[1])","sha256":"","previous":"1"}"# + "\n"
        }
        let path = folder.appending(path: "receipt.jsonl")
        try lines.joined().write(to: path, atomically: true, encoding: .utf8)
        let list = folder.appending(path: "list")
        try (installed.joined(separator: "\n") + "\n").write(to: list, atomically: true, encoding: .utf8)
        let program = folder.appending(path: "dpkg-query")
        try "#!/bin/sh\ncat \(list.path)\n".write(to: program, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program.path)
        guard case .script(let script) = SurveyResource(paths: []).probe else { return HostSurvey(lines: []) }
        let standIns = "S=\(folder.path) PATH=\(folder.path):$PATH\ndpkg() { echo amd64; }"
        let result = try LocalShell.run("\(Prelude.probing)\n\(standIns)\n\(script)\n")
        return HostSurvey(answer: ProbeAnswer(status: Int(result.status), text: result.text))
    }

    @Test func `what came is ours, and what went for it is asked for by itself`() throws {
        let survey = try survey(
            receipt: ["created libmail", "removed othermail", "removed libc6:i386", "removed ntp", "removed lost"],
            installed: [
                "libmail ii  amd64 |, libc6 (>= 2.36)", "othermail ii  all |, libmail | mta", "ntp rc  amd64 |, ",
                "libc6 ii  amd64 |, ", "libc6 rc  i386 |, ",
            ]
        )
        #expect(survey.isComplete)
        #expect(survey.lists["package"] == [["libmail", "ii"]])
        #expect(survey.lists["removed"] == [["othermail", "ii"], ["ntp", "rc"], ["libc6:i386", "rc"]])
        #expect(survey.lists["needed"] == [["libmail", "othermail"]], "it came back, and would break")
    }

    @Test func `a package of another architecture is found by the name that apt gives it`() throws {
        let survey = try survey(
            receipt: ["created libmail:i386"],
            installed: [
                "libmail ii  amd64 |, ", "libmail ii  i386 |, ", "mta ii  amd64 |, libmail",
                "mta ii  i386 |libmail:any, libc6",
            ]
        )
        #expect(survey.lists["package"] == [["libmail:i386", "ii"]])
        #expect(survey.lists["needed"] == [["libmail:i386", "mta:i386"]])
        #expect(survey.lists["removed"] == nil)
    }
}
