import Foundation
import ProvisionCore

/// Scripts as a host's shell runs them, here, with stand-ins for what asks the cluster.
enum LocalShell {
    /// Runs a text on the standard input of `/bin/sh`.
    static func run(_ script: String, _ arguments: [String] = ["-s"]) throws -> (status: Int32, text: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = arguments
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(script.utf8))
        try input.fileHandleForWriting.close()
        let text = String(decoding: Self.everything(from: output.fileHandleForReading.fileDescriptor), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text.trimmingCharacters(in: .newlines))
    }

    /// Up to its end; a signal that some other test sends interrupts a read, which `FileHandle` takes for fatal.
    private static func everything(from descriptor: Int32) -> [UInt8] {
        var all: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &part, part.count)
            if count > 0 { all += part[..<count] } else if count == 0 || errno != EINTR { return all }
        }
    }

    /// Whether the shell can read a script; nothing of it is run.
    static func reads(_ script: String) throws -> Bool { try run(script, ["-n"]).status == 0 }

    /// A snippet with the prelude's functions, some of them replaced by `standIns`.
    static func run(_ snippet: String, standIns: String) throws -> (status: Int32, text: String) {
        try run("\(Prelude.probing)\n\(Prelude.acting)\n\(standIns)\n( set -e\n\(snippet)\n)\n")
    }
}
