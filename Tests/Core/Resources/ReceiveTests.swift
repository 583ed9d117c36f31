import ProvisionCore
import Testing

/// How a large file is received, as a host's shell does it.
@Suite struct ReceiveTests {
    private static let content = "new content\n"
    private let untouched = ["status 1", "old", "600", "state", "stream", "tool"]

    /// Receives a stream in the place of an old file; gives back what is said, the file, its mode, and what lies there.
    private func receive(_ stream: String, size: Int = 12, _ standIns: String = "") throws -> [String] {
        let hash = SHA256Digest.hex(of: Array(Self.content.utf8))
        let snippet = """
            set +e; D=$(mktemp -d); cd $D; S=$D/state; mkdir $S; echo old > tool; printf '%s' '\(stream)' > stream
            ( set -e; receive ./tool 755 \(hash) \(size) < stream ); echo "status $?"
            command cat tool; stat -c %a tool; ls -A
            rm -r $D
            """
        let text = try LocalShell.run(snippet, standIns: "chown() { :; }\n\(standIns)").text
        return text.split(separator: "\n").map(String.init)
    }

    @Test func `what arrives whole takes its place`() throws {
        #expect(try receive(Self.content) == ["status 0", "new content", "755", "state", "stream", "tool"])
    }

    @Test(arguments: ["", "new con", "neW content\n", "new content\n and more\n"])
    func `what arrives short or damaged changes nothing`(_ stream: String) throws {
        #expect(try receive(stream) == ["./tool arrived damaged"] + untouched)
    }

    @Test func `what would not fit is refused before it is read`() throws {
        let standIns = "df() { printf 'Filesystem\\nx 1 1 1000\\n'; }\ncat() { echo read; }"
        let words = ". has 1000 kB free, ./tool needs 3072"
        #expect(try receive(Self.content, size: 3 << 20, standIns) == [words] + untouched)
    }

    @Test func `a filesystem that fills up on the way keeps its old file`() throws {
        let standIn = "cat() { head -c 1; echo 'cat: write error: No space left on device' >&2; return 1; }"
        let words = ["cat: write error: No space left on device", "./tool cannot be written"]
        #expect(try receive(Self.content, standIn) == words + untouched)
    }
}
