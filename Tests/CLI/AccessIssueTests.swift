import Foundation
import PKI
import ProvisionCore
import Templates
import Testing
import Yams

@testable import provision

#if canImport(Glibc)
import Glibc
#endif

@Suite struct AccessIssueTests {
    private let directory = NSTemporaryDirectory() + "provision-access-" + UUID().uuidString
    private static let now = Int64(Date().timeIntervalSince1970)

    private func spec() throws -> ClusterSpec {
        var spec = try SampleCluster.spec("lab-debian.yaml")
        spec.pki.directory = directory
        return spec
    }

    private func issue(_ now: Int64 = now) throws -> AccessIssue {
        let console = Console(quiet: true, noColour: true, environment: [:])
        return AccessIssue(materials: Materials(spec: try spec(), console: console, places: Places(), now: now))
    }

    private func person(_ lifetime: Int64 = 3600, groups: [String] = []) throws -> CertificateProfile {
        CertificateRequests.person("jane", groups: groups, lifetime: lifetime, try spec())
    }

    /// Gives the body a store as apply makes it.
    private func withStore(_ body: () async throws -> Void) async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        _ = try await issue().materials.credentials(dryRun: false)
        try await body()
    }

    /// Every file of the store with its content.
    private func files() throws -> [String: Data] {
        let names = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
        return names.reduce(into: [:]) { $0[$1] = FileManager.default.contents(atPath: "\(directory)/\($1)") }
    }

    @Test func `a kubeconfig issues the administrator's leaf alone, however old the others are`() async throws {
        try await withStore {
            let before = try files()
            // Every leaf is past two thirds of its life then.
            let access = try await issue(Self.now + spec().pki.leafLifetime - 86_400).administrator()
            let after = try files()
            let changed = Set(after.keys.filter { after[$0] != before[$0] })
            #expect(changed == ["pki/kubernetes-ca/admin.crt", "pki/kubernetes-ca/admin.key"])
            #expect(access.leaf.certificate == after["pki/kubernetes-ca/admin.crt"].map { [UInt8]($0) })
        }
    }

    @Test func `a leaf that may stay is given out as it is`() async throws {
        try await withStore {
            let before = try files()
            let access = try await issue().administrator()
            #expect(try files() == before)
            let text = access.kubeconfig()
            let node = try #require(try Yams.compose(yaml: text))
            #expect(try node["current-context"]?.string == spec().name)
            let data = node["users"]?[0]?["user"]?["client-certificate-data"]?.string
            #expect(data.flatMap { Data(base64Encoded: $0) } == before["pki/kubernetes-ca/admin.crt"])
        }
    }

    @Test func `a user's kubeconfig and PKCS 12 file hold its certificate, and the store nothing`() async throws {
        try await withStore {
            let before = try files()
            let access = try await issue().user(person(groups: ["developers"]))
            #expect(try files() == before)
            let facts = try CertificateFacts(pem: access.leaf.certificate)
            #expect(facts.commonName == "jane" && facts.organizations == ["developers"])
            let node = try #require(try Yams.compose(yaml: access.kubeconfig(namespace: "shop")))
            #expect(try node["current-context"]?.string == "jane@\(spec().name)")
            #expect(node["contexts"]?[0]?["context"]?["namespace"]?.string == "shop")
            #expect(try !access.pkcs12(password: Secret("p")).reveal().isEmpty)
            #expect(access.shortened(3600, now: Self.now) == nil)
        }
    }

    @Test func `a lifetime beyond the authority's end is said`() async throws {
        try await withStore {
            let span = try spec().pki.lifetime(of: .kubernetes) + 86_400
            let access = try await issue().user(person(span))
            let words = try #require(access.shortened(span, now: Self.now))
            #expect(words.hasPrefix("the certificate of jane ends on 20"))
            #expect(words.contains("none outlives its authority"))
        }
    }

    @Test(arguments: ["system:masters", "kubernetes-admin"])
    func `names of the cluster itself are given to nobody`(_ group: String) async throws {
        try await withStore {
            let failure = await #expect(throws: CommandFailure.self) { try await issue().user(person(groups: [group])) }
            #expect(failure?.status == .refused)
        }
    }

    @Test func `who is at work in the store is waited for`() async throws {
        try await withStore {
            let lock = open("\(directory)/lock", O_RDWR | O_CLOEXEC)
            #expect(flock(lock, LOCK_EX) == 0)
            let start = ContinuousClock.now
            let release = Task {
                try await Task.sleep(for: .milliseconds(300))
                close(lock)
            }
            _ = try await issue().user(person())
            #expect(ContinuousClock.now - start > .milliseconds(250))
            try await release.value
        }
    }

    @Test func `an authority that is missing is not made by a kubeconfig`() async throws {
        try await withStore {
            try FileManager.default.removeItem(atPath: "\(directory)/pki/kubernetes-ca")
            await #expect(throws: CredentialStoreError.self) { try await issue().administrator() }
            await #expect(throws: CredentialStoreError.self) { try await issue().user(person()) }
            #expect(!FileManager.default.fileExists(atPath: "\(directory)/pki/kubernetes-ca/ca.crt"))
        }
    }
}
