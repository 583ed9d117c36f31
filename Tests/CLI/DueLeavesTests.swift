import Foundation
import PKI
import ProvisionCore
import Testing

@testable import provision

@Suite struct DueLeavesTests {
    private static let now: Int64 = 1_800_000_000
    private let directory = NSTemporaryDirectory() + "provision-due-" + UUID().uuidString

    private func refusals(after days: Int64) async throws -> [RotationRefusal] {
        var spec = try SampleCluster.spec("lab-debian.yaml")
        spec.pki.directory = directory
        let store = CredentialStore(directory: directory, now: Self.now + days * 86_400)
        return try await DueLeaves(spec: spec, store: store, inventory: "i.yaml").refusals()
    }

    @Test func `leaves that apply would issue again are named, and changed by nobody`() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let spec = try SampleCluster.spec("lab-debian.yaml")
        let names = ["admin", "scheduler@controller-0"]
        let leaves = CertificateRequests.leaves(of: spec).filter { names.contains($0.identifier) }
        let store = CredentialStore(directory: directory, now: Self.now)
        let made = try await store.credentials(authorities: CertificateRequests.authorities(of: spec), leaves: leaves)
        #expect(try await refusals(after: 1) == [])
        #expect(try await refusals(after: 25).first?.reason.hasSuffix(": admin") == true)
        let late = try #require(try await refusals(after: 125).first)
        #expect(late.reason.contains("scheduler@controller-0") && late.remedy.hasPrefix("provision apply i.yaml"))
        for leaf in leaves {
            #expect(try store.stored(leaf)?.certificate == made.leaves[leaf.identifier]?.certificate)
        }
    }

    @Test func `what has ended and must be signed elsewhere is renewed too, or nothing is`() async throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var spec = try SampleCluster.spec("lab-debian.yaml")
        spec.pki.directory = directory
        let names = ["admin", "scheduler@controller-0", "etcd-peer@controller-0"]
        let leaves = CertificateRequests.leaves(of: spec).filter { names.contains($0.identifier) }
        let store = CredentialStore(directory: directory, now: Self.now)
        _ = try await store.credentials(authorities: CertificateRequests.authorities(of: spec), leaves: [])
        let due = DueLeaves(spec: spec, store: store, inventory: "i.yaml")
        #expect(throws: Never.self) { try due.refuseUnsigned(leaves, besides: []) }
        try FileManager.default.removeItem(atPath: "\(directory)/pki/kubernetes-ca/ca.key")
        let refused = #expect(throws: CommandFailure.self) {
            try due.refuseUnsigned(leaves, besides: leaves.filter { $0.identifier == "admin" })
        }
        #expect(refused?.status == .refused && refused?.message.hasSuffix(": scheduler@controller-0") == true)
        #expect(throws: Never.self) { try due.refuseUnsigned(leaves, besides: leaves) }
    }
}
