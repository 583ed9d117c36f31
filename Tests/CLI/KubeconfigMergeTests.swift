import Foundation
import ProvisionCore
import Templates
import Testing
import Yams

@testable import provision

@Suite struct KubeconfigMergeTests {
    private func kubeconfig(
        _ cluster: String,
        server: String,
        authority: String = "ca",
        key: String = "k",
        user: String? = nil
    ) -> String {
        Kubeconfig(
            path: "/x",
            clusterName: cluster,
            server: server,
            userName: user ?? "kubernetes-admin",
            contextName: user == nil ? cluster : nil,
            credentials: .embedded(certificateAuthority: authority, certificate: "cert", key: Secret(key))
        ).rendered().text
    }

    private let server = "https://192.168.2.8:6443"
    private let theirs = """
        apiVersion: v1
        kind: Config
        current-context: work
        preferences: {colors: true}
        clusters: [{name: work, cluster: {server: "https://work:6443"}}]
        users: [{name: ann, user: {token: secret}}]
        contexts: [{name: work, context: {cluster: work, user: ann}}]
        """

    private func merged(_ new: String, into old: String, earlier: [String] = []) throws -> Node {
        let merge = KubeconfigMerge(kubeconfig: new, cluster: "lab", earlier: earlier.map { Array($0.utf8) })
        return try #require(try Yams.compose(yaml: try merge.merged(into: old, path: "/home/ann/.kube/config")))
    }

    private func names(_ node: Node, _ list: String) -> [String] {
        node[list]?.array().compactMap { $0["name"]?.string } ?? []
    }

    /// What is said where nothing is merged.
    private func refusal(_ new: String, into old: String) -> CommandFailure? {
        #expect(throws: CommandFailure.self) { try merged(new, into: old) }
    }

    @Test func `ours comes in, theirs stays`() throws {
        let node = try merged(kubeconfig("lab", server: server), into: theirs)
        #expect(names(node, "clusters") == ["work", "lab"])
        #expect(names(node, "users") == ["ann", "kubernetes-admin@lab"])
        #expect(names(node, "contexts") == ["work", "lab"])
        #expect(node["current-context"]?.string == "lab")
        #expect(node["users"]?[0]?["user"]?["token"]?.string == "secret")
        #expect(node["preferences"]?["colors"]?.bool == true)
    }

    @Test func `a second time replaces ours and adds nothing`() throws {
        let once = try Yams.serialize(node: merged(kubeconfig("lab", server: server), into: theirs))
        let twice = try merged(kubeconfig("lab", server: server, key: "renewed"), into: once)
        #expect(names(twice, "clusters") == ["work", "lab"] && names(twice, "users").count == 2)
        let key = twice["users"]?[1]?["user"]?["client-key-data"]?.string
        #expect(key == Data("renewed".utf8).base64EncodedString())
    }

    @Test func `a user comes beside the administrator, with a context of its own`() throws {
        let admin = try Yams.serialize(node: merged(kubeconfig("lab", server: server), into: theirs))
        let jane = kubeconfig("lab", server: server, key: "jane's", user: "jane")
        let node = try merged(jane, into: admin)
        #expect(names(node, "contexts") == ["work", "lab", "jane@lab"])
        #expect(names(node, "users") == ["ann", "kubernetes-admin@lab", "jane@lab"])
        #expect(node["contexts"]?[1]?["context"]?["user"]?.string == "kubernetes-admin@lab")
        #expect(node["contexts"]?[2]?["context"]?["user"]?.string == "jane@lab")
        #expect(node["current-context"]?.string == "jane@lab")
    }

    @Test func `the administrator of another cluster stays`() throws {
        let other = try Yams.serialize(node: merged(kubeconfig("lab", server: "https://10.0.0.1:6443"), into: theirs))
            .replacing("lab", with: "kubernetes").replacing("kubernetes-admin@kubernetes", with: "kubernetes-admin")
        let node = try merged(kubeconfig("lab", server: server), into: other)
        #expect(names(node, "users") == ["ann", "kubernetes-admin", "kubernetes-admin@lab"])
        #expect(node["contexts"]?[1]?["context"]?["user"]?.string == "kubernetes-admin")
        #expect(node["contexts"]?[2]?["context"]?["user"]?.string == "kubernetes-admin@lab")
    }

    @Test func `what was written whole before is ours`() throws {
        let node = try merged(kubeconfig("lab", server: server), into: kubeconfig("lab", server: server))
        #expect(names(node, "contexts") == ["lab"])
    }

    @Test func `a context of the same name that leads elsewhere is never replaced`() {
        let other = theirs.replacing("contexts: [{name: work", with: "contexts: [{name: lab")
        #expect(refusal(kubeconfig("lab", server: server), into: other)?.message.contains("context named lab") == true)
    }

    @Test(arguments: [("https://10.0.0.1:6443", "ca"), ("https://192.168.2.8:6443", "another ca")])
    func `another cluster of the same name is never replaced`(_ address: String, _ authority: String) {
        let other = kubeconfig("lab", server: address, authority: authority)
        let failure = refusal(kubeconfig("lab", server: server), into: other)
        #expect(failure?.status == .refused)
        #expect(failure?.message == "/home/ann/.kube/config already has another cluster named lab")
    }

    @Test func `an entry from before a rotation is ours still`() throws {
        let old = kubeconfig("lab", server: server, authority: "old ca")
        let new = kubeconfig("lab", server: server, authority: "new ca")
        #expect(refusal(new, into: old)?.status == .refused, "where nobody knows the old one")
        #expect(names(try merged(new, into: old, earlier: ["old\nca\n"]), "clusters") == ["lab"])
    }

    @Test(arguments: [
        "users: [{name: jane@lab, user: {exec: {command: sso}}}]",
        """
        users: [{name: jane@lab, user: {client-certificate-data: eA==}}]
        contexts: [{name: x, context: {cluster: work, user: jane@lab}}]
        """,
    ])
    func `a user of the same name that somebody else made, or needs elsewhere, is never replaced`(_ other: String) {
        let jane = kubeconfig("lab", server: server, user: "jane")
        #expect(refusal(jane, into: other)?.message.contains("another user named jane@lab") == true)
    }

    @Test(arguments: ["- a list\n", "just words\n"])
    func `what is no kubeconfig is left alone`(_ old: String) {
        #expect(refusal(kubeconfig("lab", server: "https://a:1"), into: old)?.status == .failed)
    }

    @Test(arguments: ["a: 1\nb: [1\nc: 2\n", "a: 1\nb: 2\na: SECRET\n"])
    func `a file that is no YAML is named with the line, and not quoted`(_ old: String) {
        let failure = refusal(kubeconfig("lab", server: "https://a:1"), into: old)
        let message = failure?.message ?? ""
        #expect(message.contains(#/^/home/ann/\.kube/config:[1-4]: not valid YAML: /#), "\(message)")
        #expect(!message.contains("SECRET"))
    }

    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "provision-merge-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try body(folder)
    }

    private func merge(into path: String, now: Int64 = 1_800_000_000) throws -> String? {
        try KubeconfigMerge(kubeconfig: kubeconfig("lab", server: server), cluster: "lab").merge(into: path, now: now)
    }

    @Test func `the old file is kept beside the new one, both for the owner only`() throws {
        try inFolder { folder in
            let path = folder + "/config"
            #expect(try merge(into: path) == nil)
            let first = try String(contentsOfFile: path, encoding: .utf8)
            let backup = try #require(try merge(into: path))
            #expect(try String(contentsOfFile: backup, encoding: .utf8) == first)
            for file in [path, backup] {
                let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
                #expect(mode == 0o600)
            }
        }
    }

    @Test func `no back-up takes the place of another`() throws {
        try inFolder { folder in
            let path = folder + "/config"
            try theirs.write(toFile: path, atomically: true, encoding: .utf8)
            let backups = try (0..<3).map { _ in try #require(try merge(into: path)) }
            #expect(Set(backups).count == 3)
            #expect(try String(contentsOfFile: backups[0], encoding: .utf8) == theirs)
        }
    }

    @Test func `a link stays a link, and what it leads to changes`() throws {
        try inFolder { folder in
            let (link, real) = (folder + "/config", folder + "/real")
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real")
            #expect(try merge(into: link) == nil, "also where nothing lies there yet")
            #expect(try #require(try merge(into: link)).hasPrefix(real))
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "real")
            #expect(try String(contentsOfFile: real, encoding: .utf8).contains("name: lab"))
        }
    }

    @Test(arguments: [
        (["HOME": "/home/ann"], "/home/ann/.kube/config"),
        (["HOME": "/home/ann", "KUBECONFIG": "/a/b:/c"], "/a/b"),
        (["HOME": "/home/ann", "KUBECONFIG": ""], "/home/ann/.kube/config"),
    ])
    func `the target is what kubectl would read`(_ environment: [String: String], _ path: String) {
        #expect(KubeconfigMerge.target(environment: environment) == path)
    }
}
