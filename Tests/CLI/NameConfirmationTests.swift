import ProvisionCore
import Testing

@testable import provision

@Suite struct NameConfirmationTests {
    private func check(_ confirm: String?, mayAsk: Bool) throws {
        let preview = "provision etcd replace --plan etcd-1 i.yaml"
        try NameConfirmation(action: "a replacement", cluster: "lab", confirm: confirm, preview: preview)
            .check(mayAsk: mayAsk)
    }

    @Test func `without a terminal the name must be given`() throws {
        let failure = #expect(throws: CommandFailure.self) { try check(nil, mayAsk: false) }
        #expect(failure?.status == .usage && failure?.message.hasSuffix("nothing was done") == true)
        let remedy = "provision etcd replace --plan etcd-1 i.yaml shows what would be done; then --confirm lab"
        #expect(failure?.remedy == remedy)
        #expect(throws: Never.self) {
            try check(nil, mayAsk: true)
            try check("lab", mayAsk: false)
        }
    }

    @Test(arguments: [true, false]) func `another cluster's name ends it, terminal or not`(mayAsk: Bool) {
        #expect(throws: CommandFailure.self) { try check("prod", mayAsk: mayAsk) }
    }
}
