/// What a snapshot, or a member's database file, holds: `etcdctl snapshot status -w json`.
package struct EtcdSnapshot: Sendable, Hashable, Codable {
    package var revision: Int
    /// CRC-32 over all keys and values.
    package var hash: UInt32
    package var totalKeys: Int
    /// Bytes.
    package var totalSize: Int

    package init(revision: Int, hash: UInt32, totalKeys: Int, totalSize: Int) {
        self.revision = revision
        self.hash = hash
        self.totalKeys = totalKeys
        self.totalSize = totalSize
    }

    package init?(json: String) {
        guard let document = ConfigDocument(text: json), let revision = document["revision"]?.text.flatMap({ Int($0) }),
            let hash = document["hash"]?.text.flatMap({ UInt32($0) })
        else { return nil }
        self.init(
            revision: revision,
            hash: hash,
            totalKeys: document["totalKey"]?.text.flatMap { Int($0) } ?? 0,
            totalSize: document["totalSize"]?.text.flatMap { Int($0) } ?? 0
        )
    }
}

/// A snapshot that lies on a host, waiting to be fetched.
package struct HostSnapshot: Sendable, Hashable {
    package var path: String
    /// Bytes.
    package var size: Int
    package var sha256: String
    package var content: EtcdSnapshot

    /// Reads the answer of `EtcdScripts.snapshot`: path, size, hash, then JSON, one per line.
    package init?(answer: String) {
        let lines = answer.split(separator: "\n").map(String.init)
        guard lines.count >= 4, let size = Int(lines[lines.count - 3]), lines[lines.count - 2].count == 64,
            let content = EtcdSnapshot(json: lines[lines.count - 1])
        else { return nil }
        path = lines[lines.count - 4]
        self.size = size
        sha256 = lines[lines.count - 2]
        self.content = content
    }
}
