import ArgumentParser
import Testing

@testable import provision

@Suite struct KubeconfigCommandTests {
    private func refusal(_ words: [String]) -> String? {
        do {
            _ = try Provision.parseAsRoot(["kubeconfig"] + words + ["inventory.yaml"])
            return nil
        } catch {
            #expect(Provision.exitCode(for: error).rawValue == 64)
            return Provision.message(for: error)
        }
    }

    @Test(arguments: [
        ["--group", "developers"], ["--ttl", "1h"], ["--namespace", "shop"], ["--namespace", "shop", "--role", "view"],
    ])
    func `what is a user's is not taken for the administrator`(_ words: [String]) {
        #expect(refusal(words)?.contains("\(words[0]) is a user's") == true)
        #expect(refusal(words + ["--user", "jane"]) == nil)
    }

    @Test(arguments: [
        ["--pkcs12", "a.p12", "--merge"], ["--merge", "--output", "a"], ["--pkcs12", "a.p12", "--output", "-"],
        ["--pkcs12", "a.p12", "--merge", "--output", "a"],
    ])
    func `it goes to one place`(_ words: [String]) {
        #expect(refusal(words)?.contains("each say where it goes") == true)
    }

    @Test func `a password belongs to a PKCS 12 file`() {
        #expect(refusal(["--password-file", "secret"])?.contains("--pkcs12") == true)
        #expect(refusal(["--password-file", "secret", "--pkcs12", "a.p12"]) == nil)
    }

    @Test(arguments: [
        (["--user", ""], "--user: this name is empty"), (["--user", " "], "--user: this name is empty"),
        (["--user", "jane", "--group", ""], "--group: this name is empty"),
        (["--user", String(repeating: "j", count: 65)], "65 bytes"),
        (["--user", String(repeating: "ü", count: 33)], "66 bytes"),
        (["--user", "jane", "--group", String(repeating: "d", count: 65)], "65 bytes"),
        (["--user", "jane", "--ttl", "0s"], "more than no time"),
    ])
    func `a name that no certificate can bear is refused in words`(_ words: [String], _ text: String) {
        #expect(refusal(words)?.contains(text) == true)
    }

    @Test func `the longest name is one`() {
        let name = String(repeating: "j", count: 64)
        #expect(refusal(["--user", name, "--group", name, "--ttl", "1h", "--pkcs12", "a.p12"]) == nil)
    }
}
