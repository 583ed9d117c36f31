/// What is wanted: components, for which architectures, in which versions, from where.
package struct ArtifactRequest: Sendable, Hashable {
    package var source: ArtifactSource
    package var components: Set<ArtifactID>
    package var architectures: Set<Architecture>
    /// Version per family without a leading `v`; a family left out takes what a `debian` source has.
    package var versions: [ArtifactFamily: String]

    package init(
        source: ArtifactSource,
        components: Set<ArtifactID>,
        architectures: Set<Architecture> = [.current],
        versions: [ArtifactFamily: String] = [:]
    ) {
        self.source = source
        self.components = components
        self.architectures = architectures
        self.versions = versions.mapValues(Self.withoutLeadingV)
    }

    /// The components grouped by the version they share, in a stable order.
    package var families: [(family: ArtifactFamily, members: [ArtifactID])] {
        Dictionary(grouping: components, by: \.family)
            .map { (family: $0.key, members: $0.value.sorted()) }
            .sorted { $0.family < $1.family }
    }

    private static func withoutLeadingV(_ version: String) -> String {
        version.hasPrefix("v") ? String(version.dropFirst()) : version
    }
}
