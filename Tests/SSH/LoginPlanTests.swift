import Foundation
import ProvisionCore
import ProvisionSSH
import Templates
import Testing

@Suite struct LoginPlanTests {
    private let signatures: Set = ["ssh-ed25519", "ecdsa-sha2-nistp256"]

    private func publicKey(_ path: String) throws -> HostKey {
        let words = try String(contentsOfFile: path + ".pub", encoding: .utf8).split(separator: " ")
        let blob = try #require(Data(base64Encoded: String(words[1])))
        return try #require(HostKey(blob: Array(blob)))
    }

    private func endpoint(_ files: [String], passphrase: String? = nil) -> SSHEndpoint {
        SSHEndpoint(
            name: "host",
            address: "host",
            identityFiles: files,
            passphrase: passphrase.map { Secret($0) }
        )
    }

    @Test func `files come first, and the agent signs for those that it holds`() async throws {
        let scratch = try Scratch()
        let open = try await scratch.key("open")
        let locked = try await scratch.key("locked", passphrase: "phrase")
        let other = try publicKey(try await scratch.key("other"))
        let held = [other, try publicKey(locked)]

        let plan = LoginPlan(endpoint: endpoint([locked, open]), held: held, signatures: signatures)
        #expect(
            plan.attempts == [.agent(held[1]), .file(try KeyFile(path: open)), .agent(other)] && plan.failures.isEmpty
        )
        var only = endpoint([locked])
        only.identitiesOnly = true
        #expect(LoginPlan(endpoint: only, held: held, signatures: signatures).attempts == [.agent(held[1])])
    }

    @Test func `a public key alone stands for one in the agent`() async throws {
        let scratch = try Scratch()
        let path = try await scratch.key("key")
        let key = try publicKey(path)
        let with = LoginPlan(endpoint: endpoint([path + ".pub"]), held: [key], signatures: signatures)
        #expect(with.attempts == [.agent(key)])
        let without = LoginPlan(endpoint: endpoint([path + ".pub"]), held: [], signatures: signatures)
        #expect(without.attempts.isEmpty && without.verdict.code == .authenticationFailed)
    }

    @Test func `what another transport can do is told first`() async throws {
        let scratch = try Scratch()
        let rsa = try await scratch.key("rsa", type: "rsa")
        let locked = try await scratch.key("locked", passphrase: "phrase")
        let open = try scratch.write(scratch.read("rsa"), to: "readable", mode: 0o644)

        let all = LoginPlan(endpoint: endpoint([rsa, locked, open]), held: [], signatures: signatures)
        #expect(all.attempts.isEmpty && all.failures.count == 3 && all.verdict.code == .algorithmMismatch)
        let two = LoginPlan(endpoint: endpoint([locked, open]), held: [], signatures: signatures)
        #expect(two.verdict.code == .keyPermissions)
        let newer = LoginPlan(endpoint: endpoint([rsa]), held: [], signatures: ["rsa-sha2-256"])
        #expect(newer.attempts == [.file(try KeyFile(path: rsa))])
    }

    @Test func `a certificate beside a key is left to ssh`() async throws {
        let scratch = try Scratch()
        let path = try await scratch.key("key")
        try await scratch.key("ca")
        try await tool("ssh-keygen", ["-q", "-s", scratch.file("ca"), "-I", "id", "-n", "root", path + ".pub"])
        let plan = LoginPlan(endpoint: endpoint([path]), held: [], signatures: signatures)
        #expect(plan.verdict.code == .algorithmMismatch && plan.verdict.reason.contains("certificate"))
    }
}
