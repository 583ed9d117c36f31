import SystemPackage
import Testing

@testable import ProvisionArtifacts

@Suite struct CommandTests {
    @Test func givesOutputInOneLanguage() async throws {
        #expect(try await Command("sh", ["-c", "echo $LC_ALL $X"], environment: ["X": "1"]).output() == "C.UTF-8 1\n")
        #expect(try await Command("/bin/sh", ["-c", "pwd"], in: "/usr").output() == "/usr\n")
    }

    @Test func followsBothStreamsLineByLine() async throws {
        var lines: [String] = []
        try await Command("sh", ["-c", "echo one; echo two >&2; printf three"]).follow { lines.append($0) }
        #expect(lines == ["one", "two", "three"])
    }

    @Test func tellsTheLastLinesOfAFailure() async throws {
        let error = await #expect(throws: ArtifactError.self) {
            try await Command("sh", ["-c", "echo why >&2; exit 3"]).output()
        }
        #expect(error?.code == .commandFailed)
        #expect(error?.reason.contains("why") == true && error?.reason.contains("3") == true)
        let followed = await #expect(throws: ArtifactError.self) {
            try await Command("sh", ["-c", "echo why; exit 3"]).follow { _ in }
        }
        #expect(followed?.reason.contains("why") == true)
    }

    @Test func namesAMissingProgram() async throws {
        let error = await #expect(throws: ArtifactError.self) { try await Command("no-such-program-here", []).output() }
        #expect(error?.code == .toolMissing)
        #expect(await Command.exists("sh"))
        #expect(await !Command.exists("no-such-program-here"))
    }
}
