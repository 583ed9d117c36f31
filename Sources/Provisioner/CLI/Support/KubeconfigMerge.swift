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
            let ours = source[list]?.array() ?? []
            let names = ours.compactMap { $0["name"]?.string }
            let theirs = target[list]?.array() ?? []
            if list == "clusters", let foreign = theirs.first(where: { $0["name"]?.string == context }),
                foreign["cluster"]?["server"]?.string != ours.first?["cluster"]?["server"]?.string
            {
                throw CommandFailure(
                    "\(path) already has another cluster named \(context)",
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
}
