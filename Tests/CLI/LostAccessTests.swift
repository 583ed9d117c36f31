import PKI
import ProvisionCore
import Testing

@testable import provision

@Suite struct LostAccessTests {
    private static let jane = IssuedIdentity(
        name: "jane",
        groups: ["developers"],
        serial: "0a",
        notAfter: 1_800_000_000,
        issuer: "ff",
        issuerName: "kubernetes-ca-g1",
        issued: 0
    )

    @Test func `an authority goes only once nobody is left who lives by it, or that was accepted`() {
        func refusal(_ people: [IssuedIdentity], accepted: String? = nil) -> CommandFailure? {
            IssuedIdentity.refusal(of: people, accepted: accepted, inventory: "i.yaml")
        }
        #expect(refusal([]) == nil && refusal([Self.jane], accepted: "all know") == nil)
        let refused = refusal([Self.jane])
        #expect(refused?.status == .refused)
        #expect(refused?.message.hasSuffix(": jane (developers) until 2027-01-15T08:00:00Z") == true)
        for way in ["provision kubeconfig ", "certs rotate --resume --apply i.yaml", "--accept-lost-access"] {
            #expect(refused?.remedy.contains(way) == true, "\(way)")
        }
    }

    @Test func `a name is shown on one line, without control characters`() {
        var evil = Self.jane
        evil.name = "j\u{1B}[2J\nca-1: done; x"
        #expect(!evil.words.contains("\u{1B}") && !evil.words.contains("\n"))
    }
}
