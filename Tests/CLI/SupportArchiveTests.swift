import Foundation
import Testing

@testable import ProvisionCore
@testable import provision

@Suite struct SupportArchiveTests {
    private func closed(at path: String) async -> SupportArchive {
        let archive = SupportArchive(path: path, redaction: Redaction(secrets: []))
        let item = SupportCollection.Item(name: "commands/routes.txt", content: Array("default\n".utf8))
        _ = await archive.add("worker-0", [item])
        await archive.close()
        return archive
    }

    @Test func `an archive that was written is counted`() async throws {
        let path = NSTemporaryDirectory() + "provision-support-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        let archive = await closed(at: path)
        try await archive.require()
        #expect(await archive.summary.hasPrefix("\(path): 1 file,"))
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test func `one that could not be written is an error with its path and the reason`() async throws {
        // Nothing can lie below a device.
        let path = "/dev/null/bundle.tar"
        let archive = await closed(at: path)
        let failure = try #require(await archive.failure)
        #expect(failure.status == .failed && failure.message.contains("\(path) cannot be written: "))
        #expect(await archive.summary == failure.message)
        await #expect(throws: CommandFailure.self) { try await archive.require() }
    }

    @Test func `where nothing was collected nothing is written`() async throws {
        let archive = SupportArchive(path: "/dev/null/bundle.tar", redaction: Redaction(secrets: []))
        await archive.close()
        try await archive.require()
        #expect(await archive.summary == "nothing was collected")
    }
}
