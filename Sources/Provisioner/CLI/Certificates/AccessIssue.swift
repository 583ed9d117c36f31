import PKI
import ProvisionCore
import Templates

/// Gives out ways to the API: the store is only looked at, but for the one certificate that is given out.
struct AccessIssue {
    let materials: Materials

    private var spec: ClusterSpec { materials.spec }

    /// The administrator's pair in the store, issued anew only where it must be.
    func administrator() async throws -> APIAccess {
        guard let profile = CertificateRequests.leaves(of: spec).first(where: { $0.identifier == "admin" }) else {
            throw CommandFailure("there is no admin certificate", remedy: "run provision apply first", status: .failed)
        }
        let authority = try authority(of: profile)
        let bundle = try await bundle(authority)
        let leaf = try await materials.store(dryRun: false).only(profile, authority: authority)
        if case .issue(let reason) = leaf.decision {
            materials.console.note("certificate admin: is issued again (\(reason)); the next apply brings it to hosts")
        }
        return APIAccess(spec: spec, authority: bundle, leaf: leaf, user: nil)
    }

    /// A user's, which the store does not keep.
    ///
    /// - Parameter profile: From `CertificateRequests.person`.
    /// - Returns: The way.
    /// - Throws: `CommandFailure` for a name that is not to be given out, and where the request must be signed first.
    func user(_ profile: CertificateProfile) async throws -> APIAccess {
        try Self.refuseReserved([profile.commonName] + profile.organizations)
        let authority = try authority(of: profile)
        let bundle = try await bundle(authority)
        guard let leaf = try await materials.store(dryRun: false).ephemeral(profile, authority: authority) else {
            throw CommandFailure(
                "the authority's key lies elsewhere, and the request for \(profile.commonName) waits there",
                remedy: "sign it, put the certificate beside it, and run the same again",
                status: .refused
            )
        }
        let access = APIAccess(spec: spec, authority: bundle, leaf: leaf, user: profile.commonName)
        if let words = access.shortened(profile.lifetime, now: materials.now) {
            materials.console.problem("‼ \(words)")
        }
        return access
    }

    /// Whom a rotation of the authority would lock out must be known before anybody can be in.
    func record(_ access: APIAccess) async throws {
        try await materials.store(dryRun: false).recordIssued(access.leaf.certificate)
    }

    /// What was signed elsewhere for a user is kept nowhere either, once it was handed out.
    func discard(_ profile: CertificateProfile) throws { try materials.store(dryRun: false).discard(profile) }

    /// What entries of this cluster in other kubeconfigs may still trust.
    func earlierAuthorities() throws -> [[UInt8]] {
        try materials.store(dryRun: true).generations(of: .kubernetes).map(\.open)
    }

    private func authority(of profile: CertificateProfile) throws -> AuthorityProfile {
        guard let authority = CertificateRequests.authorities(of: spec).first(where: { $0.name == profile.issuer })
        else {
            throw CommandFailure("no authority issues for users", remedy: "run provision apply first", status: .failed)
        }
        return authority
    }

    private func bundle(_ authority: AuthorityProfile) async throws -> [UInt8] {
        let store = try materials.store(dryRun: true)
        let encrypts = spec.features.encryption != .none
        let seen = try await store.credentials(authorities: [authority], leaves: [], encrypts: encrypts)
        return seen.authorities[authority.name] ?? []
    }

    private static func refuseReserved(_ names: [String]) throws {
        for name in names where name.hasPrefix("system:") || name == "kubernetes-admin" {
            throw CommandFailure(
                "\(name): the administrator's name, and names that begin with system:, are the cluster's own",
                remedy: "use a name of your own and bind it: kubectl create clusterrolebinding",
                status: .refused
            )
        }
    }
}
