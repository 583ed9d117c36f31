import Templates

/// Components' directories as a whole; those that others use too only once they are empty.
extension TeardownFiles {
    func directory(_ directory: ComponentDirectory) -> TeardownItem? {
        let path = directory.path
        guard let node = survey.nodes[path], !isCovered(directory) else { return nil }
        if holdings.wasLost, directory.isData, holdings.keepsData {
            return TeardownItem(.directory, .stays, path, "\(directory.reason); --keep-data")
        }
        guard holdings.isOurs(directory) else {
            if holdings.wasLost, node.kind == .directory, !inside(path).isEmpty {
                return TeardownItem(.directory, .blocked, path, Self.doubt)
            }
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
    func hollow(_ directory: ComponentDirectory) -> TeardownItem? {
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
    func isCovered(_ directory: ComponentDirectory) -> Bool {
        holdings.directories.contains {
            directory.path.hasPrefix($0.path + "/") && survey.exists($0.path) && holdings.isOurs($0)
        }
    }

    func inside(_ path: String) -> [String] {
        survey.list("inside").filter { $0.hasPrefix(path + "/") && !$0.dropFirst(path.count + 1).contains("/") }
    }

    /// Directories that we made and others may use too, the deepest first; what is not empty stays.
    var folders: [TeardownItem] {
        let own =
            holdings.paths.filter { survey.nodes[$0]?.kind == .directory }
            + holdings.shared.filter {
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
}
