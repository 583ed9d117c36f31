import Templates

/// What a back-up says about itself, and the digests by which it is proven; its first file.
package struct BackupManifest: Sendable, Equatable, Codable {
    /// The names of files in a back-up.
    package enum Name {
        package static let manifest = "manifest.json"
        package static let snapshot = "etcd.db"
        package static let inventory = "inventory.yaml"
        package static let lock = "provision.lock"
        /// What the credential store holds lies below it.
        package static let store = "store/"
        /// Files that the inventory names, by their paths beside it.
        package static let named = "named/"

        /// What an operator's machine needs beside the store, and where it lies beside the inventory.
        ///
        /// - Parameter names: Those in the back-up.
        /// - Returns: Names and paths; none leads out of the inventory's directory.
        package static func carried(among names: [String]) -> [(name: String, path: String)] {
            names.compactMap { name in
                if name == inventory || name == lock { return (name, name) }
                guard name.hasPrefix(named) else { return nil }
                let path = String(name.dropFirst(named.count))
                return path.split(separator: "/").contains("..") || path.hasPrefix("/") ? nil : (name, path)
            }
        }
    }

    package struct File: Sendable, Equatable, Codable {
        package var name: String
        /// Bytes.
        package var size: Int
        package var sha256: String

        package init(name: String, size: Int, sha256: String) {
            self.name = name
            self.size = size
            self.sha256 = sha256
        }
    }

    package var format = 1
    package var tool: String
    package var cluster: String
    package var clusterID: String
    /// RFC 3339, UTC.
    package var created: String
    package var kubernetes: String
    package var etcd: String
    /// What the operator's machine installs, version by artifact; `nil` where the operator's machine did not have all of it at hand.
    package var versions: [String: String]?
    /// The member that the snapshot was taken on.
    package var member: String
    package var snapshot: EtcdSnapshot
    /// How Secrets are encrypted in etcd: `secretbox`, `aescbc`, `none`.
    package var encryption: String
    /// Everything else in the back-up, in its order.
    package var files: [File]

    package init(
        tool: String,
        spec: ClusterSpec,
        clusterID: String,
        created: String,
        member: String,
        snapshot: EtcdSnapshot,
        versions: [String: String]? = nil,
        files: [File]
    ) {
        self.tool = tool
        cluster = spec.name
        self.clusterID = clusterID
        self.created = created
        kubernetes = spec.versions.kubernetes.description
        etcd = spec.versions.etcd
        self.versions = versions
        self.member = member
        self.snapshot = snapshot
        encryption = spec.features.encryption.rawValue
        self.files = files
    }

    /// What differs between the manifest and what came out of the archive, one sentence each.
    package func differences(from found: [File]) -> [String] {
        let found = Dictionary(found.map { ($0.name, $0) }) { first, _ in first }
        let known = Set(files.map(\.name))
        let wrong = files.compactMap { file -> String? in
            guard let other = found[file.name] else { return "\(file.name) is missing" }
            if other.size != file.size { return "\(file.name) has \(other.size) bytes, not \(file.size)" }
            return other.sha256 == file.sha256 ? nil : "\(file.name) has another SHA-256"
        }
        return wrong
            + found.keys.filter { !known.contains($0) && $0 != Name.manifest }.sorted().map {
                "\($0) is not in the manifest"
            }
    }
}
