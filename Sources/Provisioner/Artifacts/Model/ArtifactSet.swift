/// The artifacts of one request, verified, looked up by component and architecture.
package struct ArtifactSet: Sendable, Hashable {
    /// Sorted by component, then architecture.
    package let artifacts: [Artifact]

    package init(_ artifacts: [Artifact]) {
        self.artifacts = artifacts.sorted { ($0.id, $0.architecture) < ($1.id, $1.architecture) }
    }

    package subscript(id: ArtifactID, architecture: Architecture) -> Artifact? {
        artifacts.first { $0.id == id && $0.architecture == architecture }
    }

    /// Bytes of all artifacts together.
    package var totalSize: Int64 { artifacts.reduce(0) { $0 + $1.size } }
}
