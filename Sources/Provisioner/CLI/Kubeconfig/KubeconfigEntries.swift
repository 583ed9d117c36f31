import Foundation
import Yams

/// What a kubeconfig holds, and which of it belongs to somebody else.
struct KubeconfigEntries {
    enum List: String, CaseIterable { case clusters, users, contexts }

    private let file: Node
    private let cluster: String
    private let earlier: Set<String>

    /// - Parameters:
    ///   - file: The document.
    ///   - cluster: The cluster that comes in.
    ///   - earlier: Certificates that its authority had before, PEM.
    init(_ file: Node, cluster: String, earlier: [[UInt8]]) {
        self.file = file
        self.cluster = cluster
        self.earlier = Set(earlier.flatMap { Self.certificates(String(decoding: $0, as: UTF8.self)) })
    }

    subscript(_ list: List) -> [Node] { file[list.rawValue]?.array() ?? [] }

    /// The name of an entry that would be replaced and is not ours.
    ///
    /// - Parameters:
    ///   - ours: What comes in.
    ///   - list: Where.
    /// - Returns: `nil` where all may be replaced.
    func foreign(among ours: [Node], _ list: List) -> String? {
        for entry in ours {
            guard let name = entry["name"]?.string,
                let theirs = self[list].first(where: { $0["name"]?.string == name }),
                isForeign(theirs, entry, list)
            else { continue }
            return name
        }
        return nil
    }

    private func isForeign(_ theirs: Node, _ ours: Node, _ list: List) -> Bool {
        switch list {
        case .clusters:
            let (theirs, ours) = (theirs["cluster"], ours["cluster"])
            return theirs?["server"]?.string != ours?["server"]?.string
                || Self.authorities(theirs).isDisjoint(with: Self.authorities(ours).union(earlier))
        case .contexts:
            // A file that was written whole has the user's name without the cluster's.
            let user = ours["context"]?["user"]?.string ?? ""
            let users = [user, String(user.dropLast(cluster.count + 1))]
            return theirs["context"]?["cluster"]?.string != cluster
                || !users.contains(theirs["context"]?["user"]?.string ?? "")
        case .users:
            return theirs["user"]?["client-certificate-data"] == nil || isUsedElsewhere(theirs["name"]?.string)
        }
    }

    private func isUsedElsewhere(_ user: String?) -> Bool {
        self[.contexts].contains {
            $0["context"]?["user"]?.string == user && $0["context"]?["cluster"]?.string != cluster
        }
    }

    private static func authorities(_ cluster: Node?) -> Set<String> {
        guard let text = cluster?["certificate-authority-data"]?.string, let data = Data(base64Encoded: text) else {
            return []
        }
        return certificates(String(decoding: data, as: UTF8.self))
    }

    /// The certificates of a bundle, however their lines are broken.
    private static func certificates(_ pem: String) -> Set<String> {
        Set(
            pem.components(separatedBy: "-----END CERTIFICATE-----").map { $0.filter { !$0.isWhitespace } }
                .filter { !$0.isEmpty }
        )
    }
}
