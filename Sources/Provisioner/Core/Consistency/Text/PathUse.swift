import Templates

/// A path that a process opens: named by its command line or by a configuration file that it reads.
struct PathUse {
    enum Kind {
        /// A file or a directory that must be there and be readable.
        case read
        case run
        /// A directory in which the process makes its files.
        case write
    }

    var path: String
    var kind: Kind
    var place: ConsistencyViolation.Place
}

extension RenderedHost {
    /// Flags whose value is a directory, or a file in one, that the process itself fills.
    private static let outputs = ["data-dir", "wal-dir", "audit-log-path", "cert-dir", "root-dir"]
    /// Configuration files that name further paths.
    private static let configurations = [".yaml", ".conf", ".toml", ".cfg"]

    /// Everything that a unit's process needs, its configuration files' own paths included.
    func uses(of unit: UnitText) -> [PathUse] {
        let named = unit.commands.filter { $0.setting.hasPrefix("ExecStart") && !$0.mayFail }.flatMap { command in
            command.words.prefix(1).map {
                PathUse(path: $0, kind: .run, place: place("\(unit.name) \(command.setting)"))
            }
                + command.words.dropFirst().flatMap { uses(in: $0, unit) }
        }
        var all: [PathUse] = []
        var seen: Set<String> = []
        var waiting = named
        while let use = waiting.popLast() {
            all.append(use)
            if use.kind == .read, seen.insert(use.path).inserted {
                waiting += uses(inFile: use.path) + plugins(in: use.path)
            }
        }
        return all.sorted { ($0.path, $0.place.item) < ($1.path, $1.place.item) }
    }

    /// `--name=/path,/path` or a bare path.
    private func uses(in word: String, _ unit: UnitText) -> [PathUse] {
        let isFlag = word.hasPrefix("--") && word.contains("=")
        let name = isFlag ? String(word.dropFirst(2).prefix { $0 != "=" }) : ""
        let value = isFlag ? word.dropFirst(name.count + 3) : Substring(word)
        let place = isFlag ? place(unit, name) : place("\(unit.name) ExecStart")
        return value.split(separator: ",").filter { $0.hasPrefix("/") }.map { part in
            let path = String(part)
            guard Self.outputs.contains(name) else { return PathUse(path: path, kind: .read, place: place) }
            let folder = name.hasSuffix("-path") ? path.prefix(upTo: path.lastIndex(of: "/") ?? path.endIndex) : part
            return PathUse(path: String(folder), kind: .write, place: place)
        }
    }

    /// The programs that the CNI configurations of a directory call.
    private func plugins(in directory: String) -> [PathUse] {
        documents.filter { $0.key.hasPrefix("/etc/cni/") && $0.key.hasPrefix("\(directory)/") }.flatMap {
            path,
            documents in
            documents.flatMap(\.scalars).filter { $0.key.split(separator: ".").last == "type" }.map {
                PathUse(path: "/opt/cni/bin/\($0.value)", kind: .run, place: place("\(path) \($0.key)"))
            }
        }
    }

    private func uses(inFile path: String) -> [PathUse] {
        guard let file = files[path], Self.configurations.contains(where: path.hasSuffix) else { return [] }
        let pairs: [(key: String, value: String)] =
            if path.hasSuffix(".cfg") {
                HAProxyText(file).paths.map { ($0.keyword, $0.path) }
            } else if path.hasSuffix(".toml") {
                TOMLPaths.read(file.text)
            } else {
                (documents[path] ?? []).flatMap(\.scalars)
            }
        return pairs.filter { $0.value.hasPrefix("/") }.map { pair in
            PathUse(path: pair.value, kind: .read, place: place("\(path) \(pair.key)"))
        }
    }
}

/// The strings of a TOML file that are paths, by their keys.
enum TOMLPaths {
    /// A registry's settings are optional: containerd looks there and goes on without.
    private static let optional: Set = ["config_path"]

    static func read(_ text: String) -> [(key: String, value: String)] {
        text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0].hasSuffix(" = "), parts[1].hasPrefix("/") else { return nil }
            let key = String(parts[0].dropLast(3))
            return optional.contains(key) ? nil : (key, String(parts[1]))
        }
    }
}
