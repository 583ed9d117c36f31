import PKI
import ProvisionCore
import ProvisionEngine

/// The certificate of `system:masters` for the one binding that makes administrators.
///
/// Where the authority's key lies elsewhere somebody must sign it: that is asked for only while hosts lack the binding,
/// and nothing of it stays once they have it.
struct BreakGlass {
    let spec: ClusterSpec
    let store: CredentialStore
    let console: Console

    private var profile: CertificateProfile { CertificateRequests.breakGlass(spec) }

    func request(for lanes: [ObservedLane]) async throws {
        let authority = CertificateRequests.authorities(of: spec).first { $0.name == profile.issuer }
        guard let authority, lanes.contains(where: Self.lacksBinding), try store.trustState().rotation == nil,
            try await store.ephemeral(profile, authority: authority) == nil
        else { return }
        console.remark("break-glass.csr waits beside the other requests: sign it for an hour, then apply again")
    }

    func discard(after report: RunReport, on lanes: [ObservedLane]) throws {
        let isBound = lanes.contains { lane in lane.lane.resources.contains { $0.id == AccessBinding.id } }
        if report.isAsWanted, isBound { try store.discard(profile) }
    }

    private static func lacksBinding(_ lane: ObservedLane) -> Bool {
        zip(lane.lane.resources, lane.verdicts).contains { $0.id == AccessBinding.id && !$1.isSame }
    }
}
