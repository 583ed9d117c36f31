import ProvisionCore

/// Hosts as people name them.
extension ClusterRun {
    static func known(_ names: [String], _ spec: ClusterSpec) throws -> Set<String> {
        try known(names, spec.hosts, "--limit")
    }

    /// Names that must be hosts'.
    ///
    /// - Parameters:
    ///   - names: What was given.
    ///   - known: The hosts that there are.
    ///   - option: The option that it was given to; `nil` for an argument.
    /// - Returns: The names.
    /// - Throws: `CommandFailure` for one that is not known, with the nearest.
    static func known(_ names: [String], _ known: [HostSpec], _ option: String?) throws -> Set<String> {
        let hosts = known.map(\.name)
        for name in names where !hosts.contains(name) {
            let near = NearestName.of(name, among: hosts).map { "; did you mean \($0)?" } ?? ""
            throw CommandFailure(
                "\(option.map { "\($0) " } ?? "")\(name): no such host\(near)",
                remedy: "hosts are \(hosts.joined(separator: ", "))",
                status: .usage
            )
        }
        return Set(names)
    }
}
