import Templates

/// A file or a directory as it will lie on a host.
struct RenderedEntry {
    var path: String
    var mode: UInt16
    /// `root:root`.
    var owner: String
}

/// What the benchmark asks a host's text for.
extension RenderedHost {
    /// What is put at a path; `nil` where nothing is.
    func entry(_ path: String) -> RenderedEntry? {
        if let file = files[path] {
            return RenderedEntry(path: path, mode: file.mode, owner: "\(file.owner):\(file.group)")
        }
        let directory = resources.lazy.compactMap { $0 as? DirectoryResource }.first { $0.path == path }
        return directory.map { RenderedEntry(path: path, mode: $0.mode, owner: $0.owner) }
    }

    /// Files and directories at or below a directory, by path.
    func paths(in directory: String) -> [String] {
        let directories = resources.compactMap { ($0 as? DirectoryResource)?.path }
        return Set(files.keys).union(directories).filter { $0 == directory || $0.hasPrefix("\(directory)/") }.sorted()
    }

    /// The unit's own file, where the host runs it.
    func unitPath(_ name: String) -> [String] {
        unit("\(name).service") == nil ? [] : [HostPaths.standard.unit("\(name).service")]
    }

    /// The path that a unit's flag names.
    func flaggedPath(_ name: String, _ flag: String) -> [String] {
        [unit("\(name).service")?.flag(flag)].compactMap(\.self)
    }

    /// The path that a field of a unit's configuration names.
    func fieldPath(_ name: String, _ field: String) -> [String] {
        [self.field(field, in: unit("\(name).service")?.flag("config"))].compactMap(\.self)
    }

    /// A field as text, a list's elements joined by commas.
    ///
    /// - Parameters:
    ///   - name: Its keys joined by dots.
    ///   - path: The configuration file.
    /// - Returns: `nil` where the file or the field is not there.
    func field(_ name: String, in path: String?) -> String? {
        let keys = name.split(separator: ".").map(String.init)
        let value = keys.reduce(document(path), { $0?[$1] })
        return value.map { $0.text ?? $0.items.compactMap(\.text).joined(separator: ",") }
    }
}
