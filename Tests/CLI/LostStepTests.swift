import ProvisionCore
import ProvisionEngine
import Testing

@testable import provision

@Suite struct LostStepTests {
    private func failure(_ answer: String?) async -> CommandFailure? {
        let session = HostSession(host: "etcd-0", transport: ScriptedHost(name: "etcd-0") { _ in answer })
        return await #expect(throws: CommandFailure.self) {
            try await session.step("true", attempted: "defragment", remedy: "look at etcd")
        }
    }

    @Test func `who loses the connection in a step does not know what it did`() async {
        let lost = await failure(nil)
        #expect(lost?.status == .stateUnknown && lost?.remedy == "look at etcd")
        #expect(lost?.message.hasPrefix("etcd-0: the connection was lost in this step") == true)
        #expect(lost?.message.contains("defragment\n") == true)
    }

    @Test func `a step that fails is no lost one`() async {
        #expect(await failure("full\nrotation-status 1\n")?.status == .gateFailed)
    }

    @Test func `a host that was not reached is in no unknown state`() {
        let refused = TransportError(code: .refused, host: "a", attempted: "connect", reason: "no", remedy: "sshd")
        #expect(LostStep.named(refused, in: "defragment", remedy: "") as? TransportError == refused)
    }

    @Test func `of several hosts the unknown one is told`() {
        let failed = CommandFailure("a", remedy: "", status: .gateFailed)
        let lost = CommandFailure("b", remedy: "", status: .stateUnknown)
        #expect((LostStep.first(of: [failed, lost]) as? CommandFailure)?.message == "b")
        let cut = TransportError(code: .connectionLost, host: "c", attempted: "ask", reason: "gone", remedy: "")
        #expect(LostStep.first(of: [failed, cut]) as? TransportError == cut)
        #expect((LostStep.first(of: [failed]) as? CommandFailure)?.message == "a")
        #expect(LostStep.first(of: []) == nil)
    }
}
