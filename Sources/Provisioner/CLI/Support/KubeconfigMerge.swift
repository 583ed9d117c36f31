import Foundation
import ProvisionCore
import Yams

/// Puts one cluster, user and context into an existing kubeconfig and leaves the others as they are.
enum KubeconfigMerge {
    /// The first file of $KUBECONFIG, or ~/.kube/config.
    static func target(environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
        if let list = environment["KUBECONFIG"], let first = list.split(separator: ":").first { return String(first) }
        return (environment["HOME"] ?? "/root") + "/.kube/config"
    }

    /// Writes the merged file; the old one is kept beside it.
    ///
    /// - Returns: The back-up's path, where there was a file.
    static func merge(_ kubeconfig: String, into path: String, context: String) throws -> String? {
        guard let old = FileManager.default.contents(atPath: path), !old.isEmpty else {
            try PrivateFile.write(Array(kubeconfig.utf8), to: path)
            return nil
        }
        let merged = try merged(kubeconfig, into: String(decoding: old, as: UTF8.self), context: context, path: path)
        let backup = "\(path).\(Int(Date().timeIntervalSince1970)).bak"
        try PrivateFile.write(Array(old), to: backup)
        try PrivateFile.write(Array(merged.utf8), to: path)
        return backup
    }

    /// Pure half.
    static func merged(_ new: String, into old: String, context: String, path: String) throws -> String {
        guard var target = try Yams.compose(yaml: old), let source = try Yams.compose(yaml: new), target.mapping != nil
        else {
            throw CommandFailure("\(path) is no kubeconfig", remedy: "use --output FILE instead", status: .failed)
        }
        for list in ["clusters", "users", "contexts"] {
            let ours = (source[list]?.array() ?? []).map { qualified($0, list, context) }
            let names = ours.compactMap { $0["name"]?.string }
            let theirs = target[list]?.array() ?? []
            let same = theirs.first { $0["name"]?.string == context }
            let isForeign =
                switch list {
                case "clusters": same?["cluster"]?["server"]?.string != ours.first?["cluster"]?["server"]?.string
                case "contexts": same?["context"]?["cluster"]?.string != ours.first?["context"]?["cluster"]?.string
                default: false
                }
            if same != nil, isForeign {
                throw CommandFailure(
                    "\(path) already has another \(list.dropLast()) named \(context)",
                    remedy: "rename it there, or use --output FILE",
                    status: .refused
                )
            }
            let kept = theirs.filter { !names.contains($0["name"]?.string ?? "") }
            target[list] = Node(kept + ours)
        }
        target["current-context"] = Node(context)
        return try Yams.serialize(node: target)
    }

    /// `kubernetes-admin` is everybody's: in a file of many clusters a user carries its cluster's name.
    private static func qualified(_ entry: Node, _ list: String, _ context: String) -> Node {
        var entry = entry
        if list == "users", let name = entry["name"]?.string { entry["name"] = Node("\(name)@\(context)") }
        if list == "contexts", var inner = entry["context"], let user = inner["user"]?.string {
            inner["user"] = Node("\(user)@\(context)")
            entry["context"] = inner
        }
        return entry
    }
}
