import Foundation
import ProvisionCore
import Yams

/// Puts one cluster, user and context into an existing kubeconfig and leaves the others as they are.
struct KubeconfigMerge {
    /// What comes in; its current context names the entry.
    let kubeconfig: String
    let cluster: String
    /// Certificates that the cluster's authority had before, PEM: an entry from before a rotation is ours too.
    var earlier: [[UInt8]] = []

    /// The first file of $KUBECONFIG, or ~/.kube/config.
    static func target(environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
        if let list = environment["KUBECONFIG"], let first = list.split(separator: ":").first { return String(first) }
        return (environment["HOME"] ?? "/root") + "/.kube/config"
    }

    /// Writes the merged file; the old one is kept beside it.
    ///
    /// - Parameters:
    ///   - path: The file, or a link to it, which stays one.
    ///   - now: Seconds since 1970; they name the back-up.
    /// - Returns: The back-up's path, where there was a file.
    /// - Throws: `CommandFailure`; nothing was written then.
    func merge(into path: String, now: Int64 = Int64(Date().timeIntervalSince1970)) throws -> String? {
        let path = Self.end(of: path)
        guard let old = try Self.read(path) else {
            try PrivateFile.write(Array(try merged(into: "apiVersion: v1\nkind: Config\n", path: path).utf8), to: path)
            return nil
        }
        let merged = try merged(into: String(decoding: old, as: UTF8.self), path: path)
        let backup = Self.backup(of: path, now)
        try PrivateFile.write(Array(old), to: backup)
        try PrivateFile.write(Array(merged.utf8), to: path)
        return backup
    }

    /// Pure half.
    func merged(into old: String, path: String) throws -> String {
        guard var target = try Self.composed(old, path), target.mapping != nil,
            let source = try Yams.compose(yaml: kubeconfig), let context = source["current-context"]?.string
        else {
            throw CommandFailure("\(path) is no kubeconfig", remedy: "use --output FILE instead", status: .failed)
        }
        let entries = KubeconfigEntries(target, cluster: cluster, earlier: earlier)
        let lists = KubeconfigEntries.List.allCases.map { ($0, ours(source, $0)) }
        for (list, ours) in lists {
            guard let name = entries.foreign(among: ours, list) else { continue }
            throw CommandFailure(
                "\(path) already has another \(list.rawValue.dropLast()) named \(name)",
                remedy: "rename it there, or use --output FILE",
                status: .refused
            )
        }
        for (list, ours) in lists {
            let names = ours.compactMap { $0["name"]?.string }
            let kept = entries[list].filter { !names.contains($0["name"]?.string ?? "") }
            target[list.rawValue] = Node(kept + ours)
        }
        target["current-context"] = Node(context)
        return try Yams.serialize(node: target)
    }

    /// `kubernetes-admin` is everybody's: in a file of many clusters a user carries its cluster's name.
    private func ours(_ source: Node, _ list: KubeconfigEntries.List) -> [Node] {
        (source[list.rawValue]?.array() ?? []).map { entry in
            var entry = entry
            if list == .users, let name = entry["name"]?.string { entry["name"] = Node("\(name)@\(cluster)") }
            if list == .contexts, var inner = entry["context"], let user = inner["user"]?.string {
                inner["user"] = Node("\(user)@\(cluster)")
                entry["context"] = inner
            }
            return entry
        }
    }

    private static func composed(_ text: String, _ path: String) throws -> Node? {
        do { return try Yams.compose(yaml: text) } catch {
            let (line, problem) = place(of: error)
            throw CommandFailure(
                "\(path)\(line.map { ":\($0)" } ?? ""): not valid YAML: \(problem)",
                remedy: "mend it there, or use --output FILE",
                status: .failed
            )
        }
    }

    /// The parser's own description would show the lines around, and with them keys.
    private static func place(of error: any Error) -> (line: Int?, problem: String) {
        guard let error = error as? YamlError else { return (nil, "it cannot be read") }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return (mark.line, problem)
        case .duplicatedKeysInMapping(let names, let context):
            return (context.mark.line, "more than one key `\(names.first ?? "")` in one table")
        default: return (nil, "it cannot be read")
        }
    }

    /// - Returns: `nil` where there is no file, or an empty one.
    private static func read(_ path: String) throws -> Data? {
        if let data = FileManager.default.contents(atPath: path) { return data.isEmpty ? nil : data }
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        throw CommandFailure("\(path) cannot be read", remedy: "check its owner and its mode", status: .failed)
    }

    /// Where a chain of links leads, also to what is not there yet.
    private static func end(of path: String) -> String {
        var path = path
        for _ in 0..<40 {
            guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else { break }
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
            path = next.hasPrefix("/") ? next : "\(folder)/\(next)"
        }
        return path
    }

    /// A name that no file has.
    private static func backup(of path: String, _ now: Int64) -> String {
        var name = "\(path).\(now).bak"
        var count = 1
        while (try? FileManager.default.attributesOfItem(atPath: name)) != nil {
            count += 1
            name = "\(path).\(now)-\(count).bak"
        }
        return name
    }
}
