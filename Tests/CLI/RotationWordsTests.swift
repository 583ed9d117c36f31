import PKI
import ProvisionCore
import Testing

@testable import provision

@Suite struct RotationWordsTests {
    private static func rotation(isBack: Bool = false) -> Rotation {
        var rotation = Rotation(id: "ca-1", roots: [.kubernetes], phase: .trustBoth, started: 0)
        rotation.isRollingBack = isBack
        return rotation
    }

    private static let resume = "go on: provision certs rotate --resume --apply i.yaml"

    @Test func `status says where a rotation stands and in which direction it goes`() {
        var state = TrustState()
        #expect(state.standing("i.yaml") == nil)
        state.rotation = Self.rotation()
        #expect(state.standing("i.yaml") == "ca-1 stands at trust-both; \(Self.resume)")
        state.rotation = Self.rotation(isBack: true)
        #expect(state.standing("i.yaml") == "ca-1 stands at trust-both, on its way back; \(Self.resume)")
        state.rotation = nil
        state.ended = Self.rotation()
        #expect(state.standing("i.yaml")?.hasPrefix("ca-1 has ended, ") == true)
        #expect(state.standing("i.yaml")?.hasSuffix(Self.resume) == true)
    }

    @Test func `what was asked for is said as options`() {
        var asked = Rotation.Asked(until: .newLeaves, soak: 60, noSoak: "a test", restartsPods: true)
        asked.destroyOld = "a leak"
        #expect(asked.words == "--until new-leaves --no-soak 'a test' --destroy-old 'a leak' --restart-pods")
        #expect(asked.updated(by: .init(lostAccess: "all know")).words.hasSuffix(" --accept-lost-access 'all know'"))
        #expect(Rotation.Asked(until: .distrust, soak: 60, restartsPods: false).words == "--soak 60s")
    }

    @Test(arguments: [
        (TransportError.Code.connectionLost, ProvisionCore.ExitStatus.stateUnknown), (.timeout, .stateUnknown),
        (.refused, .gateFailed), (.unreachable, .gateFailed),
    ])
    func `a connection that is lost on the way is no failure before anything changed`(
        _ code: TransportError.Code,
        _ status: ProvisionCore.ExitStatus
    ) throws {
        let lost = TransportError(code: code, host: "c-0", attempted: "run", reason: "gone", remedy: "look at it")
        let placed = RotationFailure.placed(lost, Self.rotation(isBack: true), inventory: "i.yaml")
        let failure = try #require(placed as? CommandFailure)
        #expect(failure.status == status && failure.message.hasPrefix("c-0: run: gone ["))
        #expect(failure.message.hasSuffix("\n  the rotation ca-1 stands at trust-both, on its way back"))
        #expect(failure.remedy == "look at it; then: provision certs rotate --resume --apply i.yaml")
    }

    @Test func `every failure keeps its status and says where the rotation stands`() throws {
        let red = CommandFailure("2 handshakes are wrong", remedy: "mend it", status: .gateFailed)
        let placed = RotationFailure.placed(red, Self.rotation(), inventory: "i.yaml")
        let failure = try #require(placed as? CommandFailure)
        #expect(failure.message == "2 handshakes are wrong\n  the rotation ca-1 stands at trust-both")
        #expect(failure.remedy == "mend it" && failure.status == .gateFailed)
        let other = RotationFailure.placed(CancellationError(), Self.rotation(), inventory: "i.yaml")
        #expect(other is CancellationError)
    }
}
