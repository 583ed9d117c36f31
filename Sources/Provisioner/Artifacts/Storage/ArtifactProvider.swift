/// Makes one family's files appear in the cache: by download, by build, or out of a bundle.
protocol ArtifactProvider: Sendable {
    /// What is there without any work, network or process; nothing if something is missing.
    func cached(_ wanted: FamilyRequest) -> ProducedFiles?

    /// Gets what is missing.
    func provide(_ wanted: FamilyRequest, progress: @escaping ArtifactProgressHandler) async throws -> ProducedFiles
}

/// The part of a request that one provider call serves.
struct FamilyRequest: Sendable, Hashable {
    let family: ArtifactFamily
    let members: [ArtifactID]
    let architecture: Architecture
    /// All requested versions, because some images contain another family's program.
    let versions: [ArtifactFamily: String]

    var version: String? { versions[family] }

    var subject: String { "\(family.rawValue) \(version ?? "") \(architecture.rawValue)" }

    /// The same architecture and versions for another family.
    func other(_ family: ArtifactFamily, _ members: [ArtifactID]) -> FamilyRequest {
        FamilyRequest(family: family, members: members, architecture: architecture, versions: versions)
    }

    /// The version, which release pages need and cannot guess.
    func requiredVersion() throws(ArtifactError) -> String {
        if let version { return version }
        throw ArtifactError(
            .versionMissing,
            subject: family.rawValue,
            attempted: "find its release",
            reason: "no version is given",
            remedy: "add versions.\(family.rawValue) to the inventory"
        )
    }
}
