import Templates

/// What lies on disks: packages, components' directories, files, and what comes back in their place.
struct TeardownFiles {
    let holdings: TeardownHoldings
    var survey: HostSurvey { holdings.survey }
    var receipt: HostReceipt { holdings.receipt }

    init(_ holdings: TeardownHoldings) { self.holdings = holdings }

    var items: [TeardownItem] {
        let trees = packages + departed + policy + holdings.directories.compactMap(directory)
        return trees + temporaries + files + sockets + strangers + contents + modes + users + groups + folders
    }

    private var temporaries: [TeardownItem] {
        guard holdings.subject.scope == nil else { return [] }
        return survey.list("temporary").map {
            let path = ShellQuoting.quote($0)
            return TeardownItem(
                .temporary,
                .goes,
                $0,
                "half-written by a run that was killed",
                script: "if [ -d \(path) ]; then tree \(path); else drop \(path); fi"
            )
        }
    }

    private var files: [TeardownItem] {
        holdings.paths.compactMap { path in
            let comesBack = receipt.replaced[path] != nil || receipt.kept[path] != nil
            guard holdings.wasLost || !comesBack, let node = survey.nodes[path], node.kind != .directory else {
                return nil
            }
            if let mount = holdings.foreignMounts.first(where: { $0.isUnder(path) || path.hasPrefix($0.path + "/") }) {
                return TeardownItem(.file, .blocked, path, "lies below the foreign mount \(mount.path)")
            }
            if let component = holdings.component(of: path), component.isData, holdings.keepsData { return nil }
            // A directory has no hash: whoever put a link in its place moved it.
            if node.kind == .link, receipt.hashes[path] == nil {
                return TeardownItem(
                    .file,
                    .blocked,
                    path,
                    "was a directory, is a symbolic link now, which is not followed"
                )
            }
            return TeardownItem(.file, .goes, path, reason(path), script: "drop \(ShellQuoting.quote(path))")
        }
    }

    private var sockets: [TeardownItem] {
        guard holdings.owns(unit: "docker.service") else { return [] }
        let own = ComponentDirectory.dockerFiles.filter { holdings.hasDocker || $0.contains("dockershim") }
        return own.filter(survey.exists).map { TeardownItem(.file, .goes, $0, "docker's", script: "drop \($0)") }
    }

    /// With a lost receipt, what lies where the plan would write and is not what it would write: drifted, or another's.
    private var strangers: [TeardownItem] {
        guard holdings.wasLost else { return [] }
        let returned = Set((survey.list("saved") + survey.list("returned")).map(Self.path))
        return holdings.planned.subtracting(holdings.paths).subtracting(returned).sorted().compactMap { path in
            guard let node = survey.nodes[path], node.kind != .directory else { return nil }
            return TeardownItem(.file, .blocked, path, "not what the plan would write, and \(Self.doubt)")
        }
    }

    static let doubt = "no receipt says whose it is: look at it, and remove it by hand if it was the cluster's"

    /// The place of a saved copy by its name.
    private static func path(_ name: String) -> String { name.replacing("+", with: "/") }

    private func reason(_ path: String) -> String {
        guard receipt.hasBaseline, let wrote = receipt.hashes[path], let have = survey.hashes[path], wrote != have
        else {
            let isNamed = !holdings.wasLost || receipt.hashes[path] != nil
            return isNamed ? "created by us" : "is exactly what the plan would write"
        }
        return "created by us, changed by hand since"
    }

    /// Previous contents, of what we replaced and of what a package's removal takes along.
    private var contents: [TeardownItem] {
        holdings.wasLost ? saved : recorded
    }

    /// Without a receipt the copies' names say where they belong.
    private var saved: [TeardownItem] {
        let planned = holdings.planned
        return survey.list("saved").compactMap { name in
            let path = Self.path(name)
            if path == "/etc/fstab" || receipt.replaced[path] != nil && cameWithPackage(path) { return nil }
            let copy = "/var/lib/provision/replaced/\(name)"
            // Made after the receipt was lost, and so perhaps of our own file.
            if receipt.replaced[path] != nil || receipt.kept[path] != nil && planned.contains(path) {
                let reason = "was at \(path), ours or another's: no receipt says whose; put it back, or remove it"
                return TeardownItem(.content, .blocked, copy, reason)
            }
            let words = "\(ShellQuoting.quote(path)) \(ShellQuoting.quote(copy))"
            // The proof afterwards has no receipt to tell a returned file from a drifted one.
            let script = "back \(words); mkdir -p $S/returned; : > $S/returned/\(ShellQuoting.quote(name))"
            return TeardownItem(.content, .returns, path, "its previous content, from \(copy)", script: script)
        }
    }

    private var recorded: [TeardownItem] {
        receipt.replaced.merging(receipt.kept) { first, _ in first }.sorted { $0.key < $1.key }.compactMap {
            path,
            copy in
            if path == "/etc/fstab" { return nil }
            if receipt.replaced[path] != nil, cameWithPackage(path) { return packaged(path) }
            let isOverwritten = receipt.replaced[path] != nil || receipt.hashes[path] != nil
            let isAtRisk = receipt.packages.contains { path.hasPrefix("/etc/\($0)/") && states[$0] != nil }
            guard isOverwritten || !survey.exists(path) || isAtRisk else { return nil }
            guard survey.exists(copy) else {
                return TeardownItem(.content, .stays, path, "its previous content is not at \(copy) any more")
            }
            let words = "\(ShellQuoting.quote(path)) \(ShellQuoting.quote(copy))"
            let script = isOverwritten ? "back \(words)" : "[ -e \(ShellQuoting.quote(path)) ] || back \(words)"
            return TeardownItem(.content, .returns, path, "its previous content, from \(copy)", script: script)
        }
    }

    /// Ours over a package's default; gone with the package, else removed.
    private func packaged(_ path: String) -> TeardownItem? {
        guard survey.exists(path) else { return nil }
        return TeardownItem(
            .content,
            .goes,
            path,
            "what was there came with the package",
            script: "drop \(ShellQuoting.quote(path))"
        )
    }

    private var modes: [TeardownItem] {
        receipt.modes.sorted { $0.key < $1.key }.compactMap { path, before in
            guard let node = survey.nodes[path], node.mode != before, node.kind != .link else { return nil }
            let words = before.split(separator: " ").map(String.init)
            let isKept = holdings.keepsData && holdings.component(of: path)?.isData ?? false
            guard words.count == 2, !isKept else { return nil }
            let quoted = ShellQuoting.quote(path)
            return TeardownItem(
                .mode,
                .returns,
                path,
                "\(before), is \(node.mode)",
                script: "if straight \(quoted); then chown \(words[1]) \(quoted); chmod \(words[0]) \(quoted); fi"
            )
        }
    }

    private var users: [TeardownItem] {
        let present = Set(survey.list("user"))
        return receipt.users.filter(present.contains).map { name in
            if holdings.keepsData { return TeardownItem(.user, .stays, name, "--keep-data: its data stays") }
            return TeardownItem(
                .user,
                .goes,
                name,
                "created by us",
                script: "m=$(userdel \(name) 2>&1) || left \"user \(name)\" \"$m\""
            )
        }
    }

    /// What packages made and leave behind when they go.
    private var groups: [TeardownItem] {
        let present = Set(survey.list("group"))
        return receipt.groups.filter(present.contains).map { name in
            let owner = DebianPackage.groups.first { $0.value == name }?.key
            guard owner.map(holdings.loses) ?? true else {
                return TeardownItem(.group, .stays, name, "its package stays")
            }
            return TeardownItem(
                .group,
                .goes,
                name,
                "made by a package that came with the cluster",
                script: "m=$(groupdel \(name) 2>&1) || left \"group \(name)\" \"$m\""
            )
        }
    }
}
