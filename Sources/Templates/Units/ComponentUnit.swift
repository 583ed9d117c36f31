/// A component that runs as a systemd service and is configured by flags.
package protocol ComponentUnit: Sendable {
    /// Rendered and user-given flags, in order; `flags.problems(for:)` tells what the version would refuse.
    var flags: FlagSet { get }
    var unit: SystemdUnit { get }
    var paths: HostPaths { get }
}

extension ComponentUnit {
    /// The unit file, mode 0600.
    package func rendered() -> RenderedFile {
        unit.rendered(in: paths, secrecy: .judged(by: flags.entries.map(\.name)))
    }
}
