import ProvisionCore
import Testing

@testable import provision

@Suite struct ConfirmationTests {
    private let confirmation = Confirmation(command: "provision stop i.yaml", preview: "provision stop --plan i.yaml")

    @Test func `a yes goes on`() throws { try confirmation.ask("Go on?", canAsk: true) { _ in true } }

    @Test func `a no says that nothing was done`() {
        let failure = #expect(throws: CommandFailure.self) {
            try confirmation.ask("Go on?", canAsk: true) { _ in false }
        }
        #expect(failure?.status == .failed && failure?.message.contains("nothing was done") == true)
    }

    @Test func `where nobody can be asked the flag is named and nothing is read`() {
        let failure = #expect(throws: CommandFailure.self) {
            try confirmation.ask("Go on?", canAsk: false) { _ in
                Issue.record("a question was asked")
                return true
            }
        }
        #expect(failure?.status == .usage && failure?.remedy.contains("--yes") == true)
    }
}
