import ProvisionCore
import ProvisionSSH
import Templates
import Testing

@testable import provision

@Suite struct AskedOnceTests {
    @Test func `a password is asked for once, and no answer is none`() {
        let asked = AskedOnce()
        #expect(asked.sudoPassword { nil } == nil)
        #expect(asked.sudoPassword { "first" }?.reveal() == "first")
        #expect(asked.sudoPassword { "second" }?.reveal() == "first")
    }

    @Test func `each set of keys has its passphrase`() {
        let asked = AskedOnce()
        #expect(asked.passphrase(of: ["a"]) { nil } == nil)
        #expect(asked.passphrase(of: ["a"]) { "first" }?.reveal() == "first")
        #expect(asked.passphrase(of: ["a"]) { "second" }?.reveal() == "first")
        #expect(asked.passphrase(of: ["a", "b"]) { "third" }?.reveal() == "third")
    }

    @Test func `a no is kept like a yes, for this key of this host`() {
        let asked = AskedOnce()
        for answer in [false, true] { #expect(!asked.trusts("k", of: "one") { answer }) }
        for answer in [true, false] { #expect(asked.trusts("l", of: "one") { answer }) }
        #expect(asked.trusts("k", of: "two") { true })
    }

    /// The connector itself may ask nobody here, so what it opens was answered elsewhere.
    @Test func `what one connector was told another one knows`() async throws {
        let spec = try SampleCluster.spec("lab-debian.yaml")
        let options = InventoryOptions("i.yaml", noInput: true)
        var host = try #require(spec.hosts.first)
        host.ssh.transport = .local
        host.sshSecrets.sudoPassword = .ask
        let target = host
        let asked = AskedOnce()
        let connector = HostConnector(spec, options, Console(quiet: true), asked: asked)
        let failure = await #expect(throws: TransportError.self) { _ = try await connector.open(target) }
        #expect(failure?.code == .passphraseNeeded)
        _ = asked.sudoPassword { "typed" }
        let other = HostConnector(spec, options, Console(quiet: true), asked: asked)
        await #expect(throws: Never.self) { _ = try await other.open(target) }
    }
}
