import Testing

@testable import provision

@Suite struct CertsRenewCommandTests {
    private func command(_ edit: (inout CertsRenewCommand) -> Void = { _ in }) -> CertsRenewCommand {
        var command = CertsRenewCommand()
        command.host = []
        command.role = []
        command.certificate = []
        command.expiringWithin = nil
        command.offline = false
        edit(&command)
        return command
    }

    @Test func `whoever chooses no leaf is told how they are chosen`() {
        let error = #expect(throws: (any Error).self) { try command().validate() }
        for option in ["--expiring-within", "--host", "--role", "--certificate"] {
            #expect(error.map { "\($0)".contains(option) } == true, "\(option)")
        }
    }

    @Test func `any choice is one, and offline what has ended is chosen`() {
        #expect(throws: Never.self) {
            try command { $0.host = ["worker-0"] }.validate()
            try command { $0.role = ["worker"] }.validate()
            try command { $0.certificate = ["admin"] }.validate()
            try command { $0.expiringWithin = TimeSpan(seconds: 0) }.validate()
            try command { $0.offline = true }.validate()
        }
    }
}
