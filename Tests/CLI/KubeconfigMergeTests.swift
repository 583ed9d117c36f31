import Foundation
import ProvisionCore
import Templates
import Testing
import Yams

@testable import provision

@Suite struct KubeconfigMergeTests {
    private func kubeconfig(_ cluster: String, server: String, key: String = "k") -> String {
        Kubeconfig(
            path: "/x",
            clusterName: cluster,
            server: server,
            userName: "kubernetes-admin",
            contextName: cluster,
            credentials: .embedded(certificateAuthority: "ca", certificate: "cert", key: Secret(key))
        ).rendered().text
    }

    private let theirs = """
        apiVersion: v1
        kind: Config
        current-context: work
        preferences: {colors: true}
        clusters: [{name: work, cluster: {server: "https://work:6443"}}]
        users: [{name: ann, user: {token: secret}}]
        contexts: [{name: work, context: {cluster: work, user: ann}}]
        """

    private func merged(_ new: String, into old: String) throws -> Node {
        let text = try KubeconfigMerge.merged(new, into: old, context: "lab", path: "/home/ann/.kube/config")
        return try #require(try Yams.compose(yaml: text))
    }

    private func names(_ node: Node, _ list: String) -> [String] {
        node[list]?.array().compactMap { $0["name"]?.string } ?? []
    }

    @Test func `ours comes in, theirs stays`() throws {
        let node = try merged(kubeconfig("lab", server: "https://192.168.2.8:6443"), into: theirs)
        #expect(names(node, "clusters") == ["work", "lab"])
        #expect(names(node, "users") == ["ann", "kubernetes-admin@lab"])
        #expect(names(node, "contexts") == ["work", "lab"])
        #expect(node["current-context"]?.string == "lab")
        #expect(node["users"]?[0]?["user"]?["token"]?.string == "secret")
        #expect(node["preferences"]?["colors"]?.bool == true)
    }

    @Test func `a second time replaces ours and adds nothing`() throws {
        let server = "https://192.168.2.8:6443"
        let once = try Yams.serialize(node: merged(kubeconfig("lab", server: server), into: theirs))
        let twice = try merged(kubeconfig("lab", server: server, key: "renewed"), into: once)
        #expect(names(twice, "clusters") == ["work", "lab"] && names(twice, "users").count == 2)
        let key = twice["users"]?[1]?["user"]?["client-key-data"]?.string
        #expect(key == Data("renewed".utf8).base64EncodedString())
    }

    @Test func `the administrator of another cluster stays`() throws {
        let other = try Yams.serialize(node: merged(kubeconfig("lab", server: "https://10.0.0.1:6443"), into: theirs))
            .replacing("lab", with: "kubernetes").replacing("kubernetes-admin@kubernetes", with: "kubernetes-admin")
        let node = try merged(kubeconfig("lab", server: "https://192.168.2.8:6443"), into: other)
        #expect(names(node, "users") == ["ann", "kubernetes-admin", "kubernetes-admin@lab"])
        #expect(node["contexts"]?[1]?["context"]?["user"]?.string == "kubernetes-admin")
        #expect(node["contexts"]?[2]?["context"]?["user"]?.string == "kubernetes-admin@lab")
    }

    @Test func `a context of the same name that leads elsewhere is never replaced`() throws {
        let other = theirs.replacing("contexts: [{name: work", with: "contexts: [{name: lab")
        #expect(throws: CommandFailure.self) {
            try merged(kubeconfig("lab", server: "https://192.168.2.8:6443"), into: other)
        }
    }

    @Test func `another cluster of the same name is never replaced`() throws {
        let other = kubeconfig("lab", server: "https://10.0.0.1:6443")
        do {
            _ = try merged(kubeconfig("lab", server: "https://192.168.2.8:6443"), into: other)
            Issue.record("it was merged")
        } catch let failure as CommandFailure {
            #expect(failure.status == .refused)
            #expect(failure.message == "/home/ann/.kube/config already has another cluster named lab")
        }
    }

    @Test(arguments: ["- a list\n", "just words\n"])
    func `what is no kubeconfig is left alone`(_ old: String) {
        #expect(throws: CommandFailure.self) { try merged(kubeconfig("lab", server: "https://a:1"), into: old) }
    }

    @Test func `the old file is kept beside the new one, both for the owner only`() throws {
        let folder = NSTemporaryDirectory() + "provision-merge-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/config"
        let ours = kubeconfig("lab", server: "https://192.168.2.8:6443")
        #expect(try KubeconfigMerge.merge(ours, into: path, context: "lab") == nil)
        let backup = try #require(try KubeconfigMerge.merge(ours, into: path, context: "lab"))
        #expect(try String(contentsOfFile: backup, encoding: .utf8) == ours)
        for file in [path, backup] {
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600)
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
