import FoundationEssentials
import SystemPackage

/// Writes a root directory as an OCI archive that `ctr images import` and `docker load` both read.
///
/// One gzip layer; all dates are 1970 and all owners root, so the same root gives the same SHA-256.
struct ImageArchive: Sendable {
    let reference: String
    let architecture: Architecture
    let entrypoint: [String]
    var command: [String] = []

    /// Packs `root`; `scratch` holds the pieces and may be deleted afterwards.
    func write(root: FilePath, scratch: FilePath, to path: FilePath) async throws {
        let blobs = scratch.appending("oci/blobs/sha256")
        try Files.createDirectory(blobs)
        let layer = scratch.appending("layer.tar")
        try await Tar.create(layer, from: root, entries: ["."])
        let diff = try await offloaded { try FileHasher.hash(layer).sha256 }
        _ = try await Command("gzip", ["-n", "-6", "-f", layer.string]).output()
        let packed = FilePath("\(layer.string).gz")
        let (sha256, size) = try await offloaded { try FileHasher.hash(packed) }
        try Files.move(packed, to: blobs.appending(sha256))
        let oci = scratch.appending("oci")
        let config = try add(configuration(diff), to: blobs)
        let layers = [Descriptor(mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", sha256: sha256, size: size)]
        let typed = config.typed("application/vnd.oci.image.config.v1+json")
        let manifest = try add(Manifest(config: typed, layers: layers), to: blobs)
        try save(index(manifest), to: oci.appending("index.json"))
        try save(["imageLayoutVersion": "1.0.0"], to: oci.appending("oci-layout"))
        let docker = DockerManifest(config: config.blob, repoTags: [reference], layers: layers.map(\.blob))
        try save([docker], to: oci.appending("manifest.json"))
        let entries = ["blobs", "index.json", "manifest.json", "oci-layout"]
        try await Tar.create(path, from: oci, entries: entries)
    }

    private func configuration(_ diff: String) -> ImageConfiguration {
        ImageConfiguration(
            architecture: architecture.rawValue,
            config: .init(
                entrypoint: entrypoint,
                command: command.isEmpty ? nil : command,
                environment: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
                workingDirectory: "/"
            ),
            rootfs: .init(diffIDs: ["sha256:\(diff)"])
        )
    }

    private func index(_ manifest: Descriptor) -> Index {
        let tag = reference.split(separator: ":").last.map(String.init) ?? reference
        var descriptor = manifest.typed("application/vnd.oci.image.manifest.v1+json")
        descriptor.annotations = [
            "io.containerd.image.name": reference,
            "org.opencontainers.image.ref.name": tag,
        ]
        descriptor.platform = ["architecture": architecture.rawValue, "os": "linux"]
        return Index(manifests: [descriptor])
    }

    private func add(_ value: some Encodable, to blobs: FilePath) throws -> Descriptor {
        let bytes = try Self.encoded(value)
        let sha256 = FileHasher.hash(bytes)
        try Files.write(bytes, to: blobs.appending(sha256))
        return Descriptor(mediaType: "", sha256: sha256, size: Int64(bytes.count))
    }

    private func save(_ value: some Encodable, to path: FilePath) throws {
        try Files.write(try Self.encoded(value), to: path)
    }

    private static func encoded(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }
}
