import Foundation
import PKI
import ProvisionCore
import Testing

@testable import provision

@Suite struct OfflineAccessTests {
    private static let now: Int64 = 1_800_000_000
    private let directory = NSTemporaryDirectory() + "provision-offline-" + UUID().uuidString

    private func store(after seconds: Int64 = 0) -> CredentialStore {
        CredentialStore(directory: directory, now: Self.now + seconds)
    }

    private func ended(after seconds: Int64) throws -> [TrustRoot] {
        let spec = try SampleCluster.spec("lab-debian.yaml")
        let options = InventoryOptions("i.yaml", noInput: true)
        let connector = HostConnector(spec, options, Console(quiet: true))
        let store = store(after: seconds)
        return try OfflineAccess(spec: spec, connector: connector, inventory: "i.yaml").ended(store, store.trustState())
    }

    @Test func `what ended beside a rotation of another root is taken into it, whatever its position`() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let authorities = CertificateRequests.authorities(of: try SampleCluster.spec("lab-debian.yaml"))
        _ = try await store().credentials(authorities: authorities, leaves: [])
        let failure = #expect(throws: CommandFailure.self) { try ended(after: 0) }
        #expect(failure?.status == .refused)
        _ = try store().begin([.etcd, .encryption], authorities: authorities, id: "r")
        try store().shorten(authorities.filter { $0.name == "kubernetes-ca" }, lifetime: 3600)
        #expect(try ended(after: 7200) == [.kubernetes])
        var state = try store(after: 7200).joined(by: [.kubernetes], authorities: authorities)
        state.rotation?.recovery = .pending
        try store(after: 7200).move(to: state)
        #expect(try ended(after: 7200) == [.etcd, .kubernetes])
        try store().shorten(authorities.filter { $0.name == "front-proxy-ca" }, lifetime: 3600)
        #expect(try ended(after: 7200) == [.etcd, .kubernetes, .frontProxy])
    }

    @Test func `an end in the middle of a rotation asks for nothing that answered before it`() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let spec = try SampleCluster.spec("lab-debian.yaml")
        let authorities = CertificateRequests.authorities(of: spec)
        _ = try await store().credentials(authorities: authorities, leaves: [])
        var state = try store().begin([.serviceAccount], authorities: authorities, id: "r")
        state.rotation?.working = ["logs of pods"]
        try store().move(to: state)
        try store().shorten(authorities.filter { $0.name == "kubernetes-ca" }, lifetime: 3600)
        try RotationRun.recover(store(after: 7200), spec, [.kubernetes], id: "o", asked: .init())
        let rotation = try #require(try store().trustState().rotation)
        #expect(rotation.roots == [.serviceAccount, .kubernetes] && rotation.recovery == .pending)
        #expect(rotation.working == nil)
    }
}
