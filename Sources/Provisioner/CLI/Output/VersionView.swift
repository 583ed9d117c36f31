import ProvisionCore
import Templates

/// The program's version, and the versions of what it renders.
struct VersionView {
    private let defaults = VersionDefaults.versions(for: VersionDefaults.kubernetes)

    /// By the names of the inventory's `versions`.
    private var components: [(name: String, version: String)] {
        [
            ("kubernetes", defaults.kubernetes.description), ("etcd", defaults.etcd),
            ("containerd", defaults.containerd), ("runc", defaults.runc), ("cniPlugins", defaults.cniPlugins),
            ("coreDNS", defaults.coreDNS),
        ]
    }

    private var oldest: String { "1.\(SupportMatrix.minors.lowerBound)" }
    private var newest: String { "1.\(SupportMatrix.minors.upperBound)" }

    var text: String {
        let rows = components.map { "  \($0.name.padding(to: 12))\($0.version)" }
        return (["\(Version.text)", "where the inventory names none:"] + rows).joined(separator: "\n")
            + "\nKubernetes \(oldest) to \(newest) can be installed"
    }

    func json() -> String {
        JSONOutput.text(
            VersionDocument(
                kubernetes: VersionDocument.Kubernetes(oldest: oldest, newest: newest),
                defaults: components.reduce(into: [:]) { $0[$1.name] = $1.version }
            )
        )
    }
}
