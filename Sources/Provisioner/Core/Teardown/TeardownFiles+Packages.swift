/// Packages, and what came with them.
extension TeardownFiles {
    var states: [String: String] { states("package") }

    private func states(_ kind: String) -> [String: String] {
        (survey.lists[kind] ?? []).reduce(into: [:]) { if $1.count > 1 { $0[$1[0]] = $1[1] } }
    }

    /// Packages that came with the cluster and that no other package depends on.
    var packages: [TeardownItem] {
        let states = states
        let needed = (survey.lists["needed"] ?? []).reduce(into: [String: String]()) {
            if $1.count > 1 { $0[$1[0]] = $1[1] }
        }
        let own = receipt.packages.filter { states[$0].map { !$0.hasPrefix("un") } ?? false }
        let going = own.filter { needed[$0] == nil }
        // Its own clean-up follows symbolic links, and unmounts by force what it finds there.
        let harmless =
            going.contains("docker.io")
            ? """
            chmod -x /usr/share/docker.io/contrib/nuke-graph-directory.sh 2> /dev/null || true
            drop /var/lib/docker/nuke-graph-directory.sh

            """ : ""
        let purge = """
            \(harmless)DEBIAN_FRONTEND=noninteractive dpkg --purge \(going.joined(separator: " ")) 2>&1 || \
            for n in \(going.joined(separator: " ")); do m=$(DEBIAN_FRONTEND=noninteractive dpkg --purge $n 2>&1) || left "package $n" "$(echo "$m" | tail -n 2)"; done
            """
        return own.map { name in
            if let other = needed[name] { return TeardownItem(.package, .stays, name, "\(other) depends on it") }
            return TeardownItem(
                .package,
                .goes,
                name,
                "came with the cluster, nothing else needs it",
                script: name == going.first ? purge : "true"
            )
        }
    }

    /// What a playbook let go for another package: a repository has it, and a teardown asks none.
    var departed: [TeardownItem] {
        let states = states("removed")
        return receipt.removed.sorted { $0.key < $1.key }.compactMap { name, version in
            guard states[name]?.dropFirst().first != "i" else { return nil }
            let reason = "\(version) went for a playbook's package; to have it back: apt-get install \(name)"
            return TeardownItem(.package, .stays, name, reason)
        }
    }

    var policy: [TeardownItem] {
        guard !(survey.lists["policy"] ?? []).isEmpty else { return [] }
        let path = "/usr/sbin/policy-rc.d"
        return [TeardownItem(.file, .goes, path, "left by an installation that was cut off", script: "rm -f \(path)")]
    }

    /// Whether it came with a package that goes, so that its content is nobody's.
    func cameWithPackage(_ path: String) -> Bool {
        receipt.kept[path] == nil && receipt.packages.contains { path.hasPrefix("/etc/\($0)/") }
    }

    /// Whether a package that goes takes it along.
    func isPackages(_ path: String) -> Bool {
        receipt.kept[path] == nil && receipt.packages.contains { states[$0] != nil && path.hasPrefix("/etc/\($0)/") }
    }
}
