import ProvisionCore
import Testing

@testable import provision

@Suite struct PromptTests {
    /// Answers one after another, then no more.
    private func typed(_ answers: [String]) throws -> String? {
        var left = answers[...]
        return try Prompt.newSecret("password") { _ in left.popFirst() }
    }

    @Test func `a new secret is typed twice`() throws {
        #expect(try typed(["correct horse", "correct horse"]) == "correct horse")
        #expect(try typed(["correct horse"]) == nil)
        #expect(try typed([]) == nil)
    }

    @Test(arguments: [["correct horse", "correct house"], ["", ""]])
    func `what differs the second time, or is empty, closes nothing`(_ answers: [String]) {
        let failure = #expect(throws: CommandFailure.self) { try typed(answers) }
        #expect(failure?.status == .usage)
    }
}
