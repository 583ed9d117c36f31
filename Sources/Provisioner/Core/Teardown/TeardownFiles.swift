import Templates

/// What lies on disks: packages, components' directories, files, and what comes back in their place.
struct TeardownFiles {
    private let holdings: TeardownHoldings
    private var survey: HostSurvey { holdings.survey }
    private var receipt: HostReceipt { holdings.receipt }

    init(_ holdings: TeardownHoldings) { self.holdings = holdings }

    var items: [TeardownItem] {
        packages + policy + holdings.directories.compactMap(directory) + temporaries + files + contents + modes + users
            + folders
    }

    // Packages.

    private var states: [String: String] {
        (survey.lists["package"] ?? []).reduce(into: [:]) { if $1.count > 1 { $0[$1[0]] = $1[1] } }
    }

    /// Packages that came with the cluster and that no other package depends on.
    private var packages: [TeardownItem] {
        let states = states
        let needed = (survey.lists["needed"] ?? []).reduce(into: [String: String]()) {
            if $1.count > 1 { $0[$1[0]] = $1[1] }
        }
        let own = receipt.packages.filter { states[$0].map { !$0.hasPrefix("un") } ?? false }
        let going = own.filter { needed[$0] == nil }
        let purge = """
            DEBIAN_FRONTEND=noninteractive dpkg --purge \(going.joined(separator: " ")) 2>&1 || \
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

    private var policy: [TeardownItem] {
        guard !(survey.lists["policy"] ?? []).isEmpty else { return [] }
        let path = "/usr/sbin/policy-rc.d"
        return [TeardownItem(.file, .goes, path, "left by an installation that was cut off", script: "rm -f \(path)")]
    }

    /// Whether it came with a package that goes, so that its content is nobody's.
    private func cameWithPackage(_ path: String) -> Bool {
        receipt.kept[path] == nil && receipt.packages.contains { path.hasPrefix("/etc/\($0)/") }
    }

    // Components' directories.

    private func directory(_ directory: ComponentDirectory) -> TeardownItem? {
        let path = directory.path
        guard let node = survey.nodes[path], !isCovered(directory) else { return nil }
        guard holdings.isOurs(directory) else {
            let why = receipt.present["dir:\(path)"] == "full" ? "was there before" : "no unit of ours fills it"
            return TeardownItem(.directory, .stays, path, "\(why); files of ours in it go one by one")
        }
        if directory.isData, holdings.keepsData {
            return TeardownItem(.directory, .stays, path, "\(directory.reason); --keep-data")
        }
        let mounts = holdings.foreignMounts.filter { $0.isUnder(path) }
        guard mounts.isEmpty else {
            let list = mounts.map(\.path).joined(separator: " ")
            return TeardownItem(.directory, .blocked, path, "is mounted upon at \(list); only files of the receipt go")
        }
        guard node.kind == .directory else {
            return TeardownItem(.directory, .blocked, path, "is not a directory any more; it is not followed")
        }
        if receipt.present["dir:\(path)"] == "empty" { return hollow(directory) }
        return TeardownItem(.directory, .goes, path, directory.reason, script: "tree \(ShellQuoting.quote(path))")
    }

    /// Was there before, and empty.
    private func hollow(_ directory: ComponentDirectory) -> TeardownItem? {
        let rest = inside(directory.path).filter { !$0.hasSuffix("/lost+found") }
        guard !rest.isEmpty else { return nil }
        let script = "hollow \(ShellQuoting.quote(directory.path))"
        return TeardownItem(
            .directory,
            .goes,
            directory.path,
            "\(directory.reason); the empty directory stays",
            script: script
        )
    }

    /// Whether a directory above it goes as a whole.
    private func isCovered(_ directory: ComponentDirectory) -> Bool {
        holdings.directories.contains {
            directory.path.hasPrefix($0.path + "/") && survey.exists($0.path) && holdings.isOurs($0)
        }
    }

    private func inside(_ path: String) -> [String] {
        survey.list("inside").filter { $0.hasPrefix(path + "/") && !$0.dropFirst(path.count + 1).contains("/") }
    }

    // Files.

    private var temporaries: [TeardownItem] {
        survey.list("temporary").map {
            TeardownItem(
                .temporary,
                .goes,
                $0,
                "half-written by a run that was killed",
                script: "drop \(ShellQuoting.quote($0))"
            )
        }
    }

    private var files: [TeardownItem] {
        holdings.paths.compactMap { path in
            guard receipt.replaced[path] == nil, receipt.kept[path] == nil, let node = survey.nodes[path],
                node.kind != .directory
            else { return nil }
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

    private func reason(_ path: String) -> String {
        guard receipt.hasBaseline, let wrote = receipt.hashes[path], let have = survey.hashes[path], wrote != have
        else {
            return holdings.wasLost ? "is exactly what the plan would write" : "created by us"
        }
        return "created by us, changed by hand since"
    }

    /// Previous contents, of what we replaced and of what a package's removal takes along.
    private var contents: [TeardownItem] {
        holdings.wasLost ? saved : recorded
    }

    /// Without a receipt the copies' names say where they belong.
    private var saved: [TeardownItem] {
        survey.list("saved").map { name in
            let path = name.replacing("+", with: "/")
            let copy = "/var/lib/provision/replaced/\(name)"
            let words = "\(ShellQuoting.quote(path)) \(ShellQuoting.quote(copy))"
            return TeardownItem(.content, .returns, path, "its previous content, from \(copy)", script: "back \(words)")
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
                script: "chown \(words[1]) \(quoted)\nchmod \(words[0]) \(quoted)"
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

    /// Directories that we made and others may use too, the deepest first; what is not empty stays.
    private var folders: [TeardownItem] {
        let own =
            holdings.paths.filter { survey.nodes[$0]?.kind == .directory }
            + ComponentDirectory.shared.filter {
                survey.nodes[$0]?.kind == .directory && receipt.present["dir:\($0)"] == nil
            }
        let folders = Set(own).filter { holdings.component(of: $0) == nil }
        var going = Set(holdings.paths).union(
            holdings.directories.filter { survey.exists($0.path) && holdings.isOurs($0) }.map(\.path)
        )
        going.subtract(own)
        var items: [TeardownItem] = []
        for path in folders.sorted(by: { ($1.count, $1) < ($0.count, $0) }) {
            let rest = inside(path).filter { !going.contains($0) && !$0.hasSuffix(".provision-tmp") && !isPackages($0) }
            guard rest.isEmpty else {
                let names = rest.prefix(3).joined(separator: " ") + (rest.count > 3 ? " ..." : "")
                items.append(TeardownItem(.folder, .stays, path, "holds what is not ours: \(names)"))
                continue
            }
            going.insert(path)
            items.append(
                TeardownItem(.folder, .goes, path, "empty by then", script: "shut \(ShellQuoting.quote(path))")
            )
        }
        return items
    }

    /// Whether a package that goes takes it along.
    private func isPackages(_ path: String) -> Bool {
        receipt.kept[path] == nil && receipt.packages.contains { states[$0] != nil && path.hasPrefix("/etc/\($0)/") }
    }
}
