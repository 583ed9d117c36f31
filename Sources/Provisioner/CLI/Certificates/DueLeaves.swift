import PKI
import ProvisionCore

/// Leaves that `apply` would issue again: a rotation begins without any, since hosts then differ from the plan by them.
struct DueLeaves {
    let spec: ClusterSpec
    let store: CredentialStore
    let inventory: String

    /// One reason that names them; nothing where none is due.
    ///
    /// What a key that lies elsewhere must sign is asked for by the plan itself.
    func refusals() async throws -> [RotationRefusal] {
        let authorities = CertificateRequests.authorities(of: spec)
        let leaves = CertificateRequests.leaves(of: spec)
        let seen = try await store.inspect(leaves, authorities: authorities)
        let able = try able()
        let due = leaves.filter { able.contains($0.issuer) && seen[$0.identifier]?.decision.isIssue == true }
        guard !due.isEmpty else { return [] }
        return [
            RotationRefusal(
                "leaves are due to be issued again, which would change them beside the rotation: \(Self.named(due))",
                remedy: "provision apply \(inventory), or provision certs renew --certificate for each; "
                    + "then the same command again"
            )
        ]
    }

    /// What has ended is issued beside the leaves that are renewed; one that must be signed elsewhere would stop that
    /// half-way.
    ///
    /// - Parameters:
    ///   - ended: Leaves that have ended.
    ///   - chosen: Leaves that are renewed: what of these must be signed is asked for before anything changes.
    /// - Throws: `CommandFailure` where there is such a leaf.
    func refuseUnsigned(_ ended: [CertificateProfile], besides chosen: [CertificateProfile]) throws {
        let able = try able()
        let others = ended.filter { leaf in
            !able.contains(leaf.issuer) && !chosen.contains { $0.identifier == leaf.identifier }
        }
        guard !others.isEmpty else { return }
        throw CommandFailure(
            "leaves have ended that must be signed where their authority's key is: \(Self.named(others))",
            remedy: "renew them too, so that they are asked for first: --expiring-within 0s, or --certificate for each",
            status: .refused
        )
    }

    /// Authorities that issue here.
    private func able() throws -> Set<String> {
        Set(try CertificateRequests.authorities(of: spec).filter { try store.canIssue($0) }.map(\.name))
    }

    private static func named(_ leaves: [CertificateProfile]) -> String {
        let more = leaves.count > 4 ? " and \(leaves.count - 4) more" : ""
        return leaves.prefix(4).map(\.identifier).joined(separator: ", ") + more
    }
}
