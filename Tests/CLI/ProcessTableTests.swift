import Foundation
import Testing

@testable import provision

@Suite struct ProcessTableTests {
    @Test func `who lives is known, and who is gone`() throws {
        #expect(ProcessTable.isRunning(getpid()))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/true")
        try process.run()
        process.waitUntilExit()
        #expect(!ProcessTable.isRunning(process.processIdentifier))
    }
}
