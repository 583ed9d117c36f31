import SystemPackage
import Testing

@testable import ProvisionArtifacts

@Suite struct PauseProgramTests {
    @Test(arguments: [(Architecture.amd64, UInt8(62)), (.arm64, UInt8(183))])
    func isAnExecutableOfItsArchitecture(architecture: Architecture, machine: UInt8) {
        let file = PauseProgram.elf(architecture)
        #expect(file.prefix(4) == [0x7F, 0x45, 0x4C, 0x46])
        #expect(file[18] == machine)
        // The signal set closes the file: SIGINT, SIGTERM, SIGCHLD.
        #expect(file.suffix(8) == [0x02, 0x40, 0x01, 0, 0, 0, 0, 0])
    }

    /// Starts the program, waits until /proc shows it asleep, and sends the signal; a deaf one is killed.
    @Test(arguments: ["TERM", "INT"])
    func endsCleanlyOnASignal(signal: String) async throws {
        let script = """
            "$0" & process=$!
            for try in $(seq 500); do
                grep -q '^Name:.pause' /proc/$process/status && grep -q '^State:.S' /proc/$process/status && break
                sleep 0.01
            done
            kill -s $1 $process
            for try in $(seq 500); do
                grep -q '^State:.Z' /proc/$process/status && break
                sleep 0.01
            done
            kill -s KILL $process
            wait $process
            """
        try await withTemporaryDirectory { directory in
            let path = directory.appending("pause")
            try Files.write(PauseProgram.elf(.current), to: path)
            try Files.setExecutable(path)
            let output = try await Command("sh", ["-c", script, path.string, signal]).output()
            #expect(output.isEmpty)
        }
    }
}
