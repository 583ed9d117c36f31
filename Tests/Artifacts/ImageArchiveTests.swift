import FoundationEssentials
import SystemPackage
import Testing

@testable import ProvisionArtifacts

@Suite struct ImageArchiveTests {
    private struct Parts: Decodable {
        struct Descriptor: Decodable {
            let digest: String
            let size: Int64
            let annotations: [String: String]?
        }
        let manifests: [Descriptor]?
        let config: Descriptor?
        let layers: [Descriptor]?
    }

    private struct Configuration: Decodable {
        struct RootFileSystem: Decodable {
            let diffIDs: [String]

            private enum CodingKeys: String, CodingKey {
                case diffIDs = "diff_ids"
            }
        }
        let rootfs: RootFileSystem
        let architecture: String
    }

    /// Builds a small image in a scratch directory of its own.
    private func build(in directory: FilePath, _ name: String) async throws -> FilePath {
        let scratch = directory.appending(name)
        let root = scratch.appending("root")
        for file in ["b/two", "a/one", "three"] { try Files.write(Array(file.utf8), to: root.appending(file)) }
        try Files.link("three", at: root.appending("link"))
        let archive = ImageArchive(reference: "provision.local/x:1", architecture: .arm64, entrypoint: ["/three"])
        let path = scratch.appending("image.tar")
        try await archive.write(root: root, scratch: scratch, to: path)
        return path
    }

    @Test func isTheSameOnEveryBuild() async throws {
        try await withTemporaryDirectory { directory in
            let first = try await build(in: directory, "first")
            // Another time of day and another order of creation must not show.
            try await Task.sleep(for: .milliseconds(1100))
            let second = try await build(in: directory, "second")
            #expect(try FileHasher.hash(first) == FileHasher.hash(second))
        }
    }

    @Test func digestsMatchTheBlobs() async throws {
        try await withTemporaryDirectory { directory in
            let archive = try await build(in: directory, "image")
            let oci = directory.appending("unpacked")
            try Files.createDirectory(oci)
            _ = try await Command("tar", ["-xf", archive.string, "-C", oci.string]).output()
            let index = try decode(Parts.self, oci.appending("index.json"))
            let entry = try #require(index.manifests?.first)
            #expect(entry.annotations?["io.containerd.image.name"] == "provision.local/x:1")
            let manifest = try decode(Parts.self, try blob(entry, oci))
            let config = try #require(manifest.config)
            let layer = try #require(manifest.layers?.first)
            let configuration = try decode(Configuration.self, try blob(config, oci))
            #expect(configuration.architecture == "arm64")
            let packed = try blob(layer, oci)
            let tar = directory.appending("layer.tar")
            _ = try await Command("sh", ["-c", "gzip -dc \"$0\" > \"$1\"", packed.string, tar.string]).output()
            #expect(configuration.rootfs.diffIDs == ["sha256:" + (try FileHasher.hash(tar).sha256)])
            let names = try await Command("tar", ["-tf", tar.string]).output()
            #expect(names == "./\n./a/\n./a/one\n./b/\n./b/two\n./link\n./three\n")
        }
    }

    /// The blob's path, after its name and size were compared with its bytes.
    private func blob(_ descriptor: Parts.Descriptor, _ oci: FilePath) throws -> FilePath {
        let path = oci.appending("blobs/sha256").appending(String(descriptor.digest.dropFirst(7)))
        let (sha256, size) = try FileHasher.hash(path)
        #expect(descriptor.digest == "sha256:\(sha256)")
        #expect(descriptor.size == size)
        return path
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ path: FilePath) throws -> Value {
        try JSONDecoder().decode(type, from: Data(try Files.read(path)))
    }
}
