package import SystemPackage

/// Where artifacts come from; the inventory's `artifacts.source`.
package enum ArtifactSource: Sendable, Hashable {
    /// The projects' own release pages.
    case upstream
    /// The same layout below a base URL: `<base>/dl.k8s.io/...` and `<base>/github.com/...`.
    case mirror(baseURL: String)
    /// A directory with a `manifest.json`, or the bundle tar made from one; never touches the network.
    case directory(FilePath)
    /// This machine's own Debian sources: binaries from packages, Kubernetes built from its source package.
    case debian

    /// The word shown to people.
    package var name: String {
        switch self {
        case .upstream: "upstream"
        case .mirror(let base): "mirror \(base)"
        case .directory(let path): "directory \(path)"
        case .debian: "debian"
        }
    }
}
