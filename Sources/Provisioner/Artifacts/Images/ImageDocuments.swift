/// A reference to a blob by media type, digest and size (OCI image specification 1.0).
struct Descriptor: Sendable, Encodable {
    let mediaType: String
    let digest: String
    let size: Int64
    var annotations: [String: String]?
    var platform: [String: String]?

    init(mediaType: String, sha256: String, size: Int64) {
        self.mediaType = mediaType
        digest = "sha256:\(sha256)"
        self.size = size
    }

    /// Path of the blob inside the archive.
    var blob: String { "blobs/sha256/\(digest.dropFirst("sha256:".count))" }

    func typed(_ mediaType: String) -> Descriptor {
        Descriptor(mediaType: mediaType, sha256: String(digest.dropFirst("sha256:".count)), size: size)
    }
}

/// The image manifest: one configuration and the layers.
struct Manifest: Sendable, Encodable {
    var schemaVersion = 2
    var mediaType = "application/vnd.oci.image.manifest.v1+json"
    let config: Descriptor
    let layers: [Descriptor]
}

/// `index.json` of an OCI layout.
struct Index: Sendable, Encodable {
    var schemaVersion = 2
    var mediaType = "application/vnd.oci.image.index.v1+json"
    let manifests: [Descriptor]
}

/// `manifest.json`, which docker reads instead of the index.
struct DockerManifest: Sendable, Encodable {
    let config: String
    let repoTags: [String]
    let layers: [String]

    private enum CodingKeys: String, CodingKey {
        case config = "Config"
        case repoTags = "RepoTags"
        case layers = "Layers"
    }
}

/// The image configuration: platform, how to start, and the layers' uncompressed digests.
struct ImageConfiguration: Sendable, Encodable {
    struct Process: Sendable, Encodable {
        let entrypoint: [String]
        let command: [String]?
        let environment: [String]
        let workingDirectory: String

        private enum CodingKeys: String, CodingKey {
            case entrypoint = "Entrypoint"
            case command = "Cmd"
            case environment = "Env"
            case workingDirectory = "WorkingDir"
        }
    }

    struct RootFileSystem: Sendable, Encodable {
        var type = "layers"
        let diffIDs: [String]

        private enum CodingKeys: String, CodingKey {
            case type
            case diffIDs = "diff_ids"
        }
    }

    let architecture: String
    var os = "linux"
    var created = "1970-01-01T00:00:00Z"
    let config: Process
    let rootfs: RootFileSystem
}
