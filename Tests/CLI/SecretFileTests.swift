import Foundation
import ProvisionCore
import Templates
import Testing

@testable import provision

@Suite struct SecretFileTests {
    private let path = NSTemporaryDirectory() + "provision-secret-" + UUID().uuidString

    private func write(_ text: String, mode: Int = 0o600) throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    private func clean() {
        try? FileManager.default.removeItem(atPath: path)
        try? FileManager.default.removeItem(atPath: path + "-link")
    }

    @Test(arguments: [0o600, 0o400]) func `a file of one's own holds a secret`(_ mode: Int) throws {
        defer { clean() }
        try write("correct horse\nsecond line\n", mode: mode)
        #expect(try SecretFile.firstLine(path).reveal() == "correct horse")
    }

    @Test(arguments: [0o644, 0o640, 0o604, 0o660]) func `one that others can read holds none`(_ mode: Int) throws {
        defer { clean() }
        try write("correct horse\n", mode: mode)
        let failure = #expect(throws: CommandFailure.self) { try SecretFile.firstLine(path) }
        #expect(failure?.status == .refused && failure?.remedy.hasPrefix("chmod 600 \(path)") == true)
        #expect(failure?.message.contains("horse") == false)
    }

    @Test func `a link is as private as what it leads to`() throws {
        defer { clean() }
        try write("correct horse\n")
        try FileManager.default.createSymbolicLink(atPath: path + "-link", withDestinationPath: path)
        #expect(try SecretFile.firstLine(path + "-link").reveal() == "correct horse")
    }

    @Test(arguments: [nil, "", "\n"]) func `nothing is no secret`(_ text: String?) throws {
        defer { clean() }
        if let text { try write(text) }
        let failure = #expect(throws: CommandFailure.self) { try SecretFile.firstLine(path) }
        #expect(failure?.status == .failed)
    }
}
