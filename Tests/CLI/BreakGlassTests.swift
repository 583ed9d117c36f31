import Foundation
import PKI
import ProvisionCore
import ProvisionEngine
import Testing

@testable import provision

/// The authority's certificate is there, its key is not.
@Suite struct BreakGlassTests {
    private let directory = NSTemporaryDirectory() + "provision-glass-" + UUID().uuidString
    private var requests: String { "\(directory)/store/pki/kubernetes-ca/requests" }
    private var waiting: [String] { (try? FileManager.default.contentsOfDirectory(atPath: requests)) ?? [] }

    private func glass() throws -> BreakGlass {
        let now = Int64(Date().timeIntervalSince1970)
        let profile = AuthorityProfile(name: "kubernetes-ca", lifetime: 86_400)
        let file = "\(directory)/their.crt"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let certificate = try CertificateAuthority.make(profile, generation: 1, now: now).certificate.pem()
        try Data(certificate).write(to: URL(filePath: file))
        var spec = try SampleCluster.spec("lab-debian.yaml")
        spec.pki.broughtAuthorities = ["kubernetes-ca": .init(certificateFile: file, keyFile: nil)]
        let store = CredentialStore(directory: "\(directory)/store", now: now)
        return BreakGlass(spec: spec, store: store, console: Console(quiet: true))
    }

    /// The first controller, whose administrators may administer or not.
    private func lane(isBound: Bool) async throws -> ObservedLane {
        let plan = try await SampleCluster.plan(try SampleCluster.spec("lab-debian.yaml"))
        let own = try #require(plan.lanes.first { $0.resources.contains { $0.id == AccessBinding.id } })
        var lane = ObservedLane(own.host)
        lane.lane = own
        lane.verdicts = own.resources.map {
            $0.id == AccessBinding.id && !isBound ? .change("no", []) : .same("")
        }
        return lane
    }

    @Test func `it is asked for where hosts lack the binding, and gone once they have it`() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let glass = try glass()
        let (bound, unbound) = (try await lane(isBound: true), try await lane(isBound: false))
        try await glass.request(for: [bound])
        #expect(waiting == [])
        try await glass.request(for: [unbound])
        #expect(waiting.sorted() == ["break-glass.csr", "break-glass.key"])
        let stopped = LaneOutcome(host: "controller-0", ending: .notRun(stage: "access", reason: ""), done: [])
        try glass.discard(after: RunReport(lanes: [stopped]), on: [unbound])
        #expect(waiting.count == 2)
        try glass.discard(after: RunReport(lanes: []), on: [unbound])
        #expect(waiting == [])
    }
}
