/// Makes local paths absolute: `~/` by the environment's HOME, relative ones by the inventory's folder.
struct PathResolver {
    var directory: String
    var home: String?

    func absolute(_ path: String) -> String {
        if let home, path == "~" || path.hasPrefix("~/") { return normal(home + path.dropFirst()) }
        return path.hasPrefix("/") ? normal(path) : normal(directory + "/" + path)
    }

    /// Without `.`, `..` and doubled slashes; links are not followed, because nothing is read here.
    private func normal(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}
