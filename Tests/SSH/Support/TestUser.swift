import Foundation
import ProvisionCore
import Testing

/// A user of this machine for one test, with what sudo allows; removed again whatever happens.
struct TestUser: Sendable {
    let name: String
    let password: String

    /// Makes the user, does something, removes the user.
    ///
    /// - Parameters:
    ///   - sudoers: Lines for sudoers; `USER` stands for the name.
    ///   - password: For login and sudo.
    ///   - shell: The login shell.
    ///   - body: What to do.
    /// - Returns: What the body returns.
    /// - Throws: What the body throws, or why there is no user.
    static func with<Result: Sendable>(
        sudoers: [String],
        password: String = "it's $HOME\\n",
        shell: String = "/bin/sh",
        _ body: (TestUser) async throws -> Result
    ) async throws -> Result {
        let user = TestUser(name: "pvtest\(UInt32.random(in: 0 ... .max))", password: password)
        do {
            try await user.make(sudoers, shell)
            let result = try await body(user)
            await user.remove()
            return result
        } catch {
            // Even when the test was cancelled because its time was over.
            await Task { await user.remove() }.value
            throw error
        }
    }

    private var rules: String { "/etc/sudoers.d/\(name)" }

    private func make(_ sudoers: [String], _ shell: String) async throws {
        // A number that no machine of the lab uses for its services: their processes would keep userdel away.
        let number = String(Int.random(in: 40_000..<60_000))
        try await insist("useradd", ["-u", number, "-M", "-d", "/nonexistent", "-s", shell, name])
        try await insist("chpasswd", [], input: "\(name):\(password)\n")
        let lines = sudoers.map { $0.replacing("USER", with: name) + "\n" }.joined()
        let draft = try Scratch()
        try draft.write(lines, to: "rules", mode: 0o440)
        try await tool("visudo", ["-cqf", draft.file("rules")])
        try await tool("install", ["-m", "0440", draft.file("rules"), rules])
    }

    private func remove() async {
        try? FileManager.default.removeItem(atPath: rules)
        try? await insist("userdel", [name])
    }

    /// Another program may hold the lock of the user files for a moment.
    private func insist(_ program: String, _ arguments: [String], input: String = "") async throws {
        for _ in 0..<100 {
            let result = try await tool(program, arguments, input: input, mayFail: true)
            if result.status == 0 { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        Issue.record("\(program) \(arguments) does not work")
    }
}

extension SSHServer {
    /// The server as this user reaches it, with or without sudo.
    func endpoint(
        _ transport: SSHEndpoint.TransportChoice,
        as user: TestUser,
        _ privilege: SSHEndpoint.Privilege
    ) -> SSHEndpoint {
        var endpoint = endpoint(transport)
        endpoint.user = user.name
        endpoint.privilege = privilege
        return endpoint
    }
}
