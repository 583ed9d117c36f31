import ProvisionCore
import Testing

@testable import ProvisionSSH

/// One answer of the real `ssh -G` for many hosts.
@Suite struct SharedConfigTests {
    private func endpoint(_ address: String, _ scratch: Scratch) -> SSHEndpoint {
        SSHEndpoint(name: address, address: address, configFile: scratch.file("ssh_config"))
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("Host *\n  Port 2200\n", true), ("Host worker-* bastion\n  Port 2200\n", true),
            ("Host 10.0.*\n  Port 2200\n", false), ("\thost = \"10.0.0.2\"\n  Port 2200\n", false),
            ("Host !10.0.0.2 *\n  Port 2200\n", false), ("Match host 10.0.0.2\n  Port 2200\n", false),
            ("Include INCLUDED\n", false), ("Host bastion\n  Include INCLUDED\n", false),
            ("HostName %h.example.org\n", false), ("IdentityFile ~/.ssh/%h\n", false),
            ("CanonicalizeHostname yes\n", false), ("ControlPath ~/.ssh/%C\n# 100 %\n", true),
        ]
    )
    func `an answer is another host's where the files cannot tell the two apart`(
        _ text: String,
        _ isShared: Bool
    ) async throws {
        let scratch = try Scratch()
        defer { withExtendedLifetime(scratch) {} }
        let included = try scratch.write("Host 10.0.0.2\n  Port 2200\n", to: "included")
        try scratch.write(text.replacing("INCLUDED", with: included), to: "ssh_config")
        let answer = try await SSHConfig.answer(for: endpoint("10.0.0.1", scratch))
        #expect(try #require(answer).holds(for: "10.0.0.2") == isShared)
    }

    @Test(.timeLimit(.minutes(1)))
    func `every host has what ssh says of it, and ssh is asked once for those alike`() async throws {
        let scratch = try Scratch()
        defer { withExtendedLifetime(scratch) {} }
        try scratch.write("Host worker-*\n  User w\nHost *\n  Port 2200\n  ProxyJump way\n", to: "ssh_config")
        let shared = SharedSSHConfig()
        for address in ["10.0.0.1", "10.0.0.2", "node.example.org", "worker-1", "Capital", "10.1", "2001:DB8::1"] {
            let own = try await SSHConfig.resolve(endpoint(address, scratch))
            let common = try await shared.resolve(endpoint(address, scratch))
            #expect(common == own, "\(address)")
        }
        // What changes meanwhile is seen by those alone for whom ssh is asked again.
        try scratch.write("Host *\n  Port 99\n", to: "ssh_config")
        #expect(try await shared.resolve(endpoint("10.0.0.3", scratch)).endpoint.port == 2200)
        #expect(try await shared.resolve(endpoint("worker-2", scratch)).endpoint.port == 99)
    }

    @Test(.timeLimit(.minutes(1)))
    func `hosts that ask at the same time are all answered`() async throws {
        let scratch = try Scratch()
        defer { withExtendedLifetime(scratch) {} }
        try scratch.write("Host *\n  Port 2200\n", to: "ssh_config")
        let shared = SharedSSHConfig()
        let ports = try await withThrowingTaskGroup(of: UInt16?.self) { tasks in
            for number in 1...20 {
                let endpoint = endpoint("10.0.0.\(number)", scratch)
                tasks.addTask { try await shared.resolve(endpoint).endpoint.port }
            }
            return try await tasks.reduce(into: [UInt16?]()) { $0.append($1) }
        }
        #expect(ports == Array(repeating: 2200, count: 20))
    }
}
