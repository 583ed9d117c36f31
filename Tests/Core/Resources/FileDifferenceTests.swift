import Foundation
import ProvisionCore
import Templates
import Testing

@Suite struct FileDifferenceTests {
    private static let token = "hunter2,admin,1,system:masters"

    /// Every file of a sample's hosts, a file of static tokens among them.
    private func files(_ sample: String) async throws -> [RenderedFile] {
        var plan = try await SamplePlan.make(sample)
        plan.spec.features.staticTokenFile = "/i/tokens.csv"
        var materials = plan.materials
        materials.namedFiles = ["/i/tokens.csv": Array((Self.token + "\n").utf8)]
        return Planner(spec: plan.spec, materials: materials).plan().lanes.flatMap(\.resources)
            .compactMap { ($0 as? FileResource)?.file }
    }

    private static let samples = [
        "lab.yaml", "lab-debian.yaml", "single.yaml", "external-etcd.yaml", "ha-two-load-balancers.yaml",
    ]

    private static let secrets = ["PRIVATE KEY", "client-key-data", "secret: ", token]

    @Test(arguments: samples)
    func `what holds a secret is never shown, and all else is, whatever its mode`(_ sample: String) async throws {
        let files = try await files(sample)
        for file in files {
            let isSecret = Self.secrets.contains { file.text.contains($0) }
            #expect(FileDifference.mayShow(file) == !isSecret, "\(file.path)")
        }
        let shown = files.filter(FileDifference.mayShow)
        #expect(shown.contains { $0.mode == 0o600 && $0.path.hasSuffix("/etcd.service") })
        #expect(files.contains { $0.text.contains(Self.token) })
    }

    /// Differences of files that lie in a directory of this machine, as a host's shell gives them.
    private func differences(_ files: [(now: String, wanted: RenderedFile)]) throws -> [RenderedFile: String] {
        let directory = NSTemporaryDirectory() + "provision-difference-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var local: [RenderedFile] = []
        for (number, file) in files.enumerated() {
            var moved = file.wanted
            moved.path = "\(directory)/it's \(number)"
            try file.now.write(toFile: moved.path, atomically: true, encoding: .utf8)
            local.append(moved)
        }
        let script = "main() {\n\(FileDifference.script(local))\n}\nmain\n"
        let found = FileDifference.parse(try LocalShell.run(script).text)
        return zip(files, local).reduce(into: [:]) { $0[$1.0.wanted] = found[$1.1.path] }
    }

    @Test func `every file that may be shown has its difference`() async throws {
        let files = Set(try await files("lab.yaml")).filter(FileDifference.mayShow)
        let found = try differences(files.map { ("# by hand\n" + $0.text, $0) })
        for file in files {
            let difference = found[file] ?? "none"
            #expect(difference.contains("-# by hand\n"), "\(file.path): \(difference)")
        }
    }

    @Test func `a unit that only root may read is compared line by line`() throws {
        let unit = RenderedFile(path: "/u.service", text: "[Service]\nNice=5\n", mode: 0o600, secrecy: .open)
        let found = try differences([("[Service]\nNice=10\n", unit)])
        #expect(found == [unit: "@@ -1,2 +1,2 @@\n [Service]\n-Nice=10\n+Nice=5\n"])
    }

    @Test(arguments: [
        "client-key-data: LS0t", "-----BEGIN EC PRIVATE KEY-----\nMHcC", "  token: abcdefgh", "password = \"x\"",
        "Environment=AWS_SECRET_ACCESS_KEY=x", "REGISTRY_TOKEN=x", "DB_PASSWORD=x", "ExecStart=/k --token=x",
        "--oidc-client-secret=x", "Authorization: Bearer x", "auth_pass 1234", "https://user:word@registry",
        "\"auth\": \"dXNlcg==\"", "  - secret: AAECAw==",
    ])
    func `what looks like a secret on the host stays there`(_ line: String) throws {
        let file = RenderedFile(path: "/a", text: "one\n", secrecy: .open)
        let found = try differences([("one\n\(line)\n", file)])
        #expect(found == [file: "(not shown: it looks as if it held a secret)\n"])
    }

    @Test func `a long difference is cut, and says so`() throws {
        let file = RenderedFile(path: "/a", text: "one\n", secrecy: .open)
        let lines = try #require(try differences([((0..<99).map { "\($0)\n" }.joined(), file)])[file])
        #expect(lines.split(separator: "\n").count == 41 && lines.hasSuffix("\n(and more)\n"))
    }

    @Test func `a file of which nobody says that it is open is not even asked about`() {
        let file = RenderedFile(path: "/etc/secret-place", text: "one\n")
        #expect(!FileDifference.mayShow(file))
        #expect(!FileDifference.script([file]).contains("secret-place"))
    }
}
