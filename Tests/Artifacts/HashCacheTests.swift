import SystemPackage
import Testing

@testable import ProvisionArtifacts

@Suite struct HashCacheTests {
    @Test func readsAnUnchangedFileOnce() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("file")
            try Files.write(Samples.bytes(3_000_000), to: path)
            let first = HashCache(path: directory.appending("hashes.json"))
            let file = try await first.file(path)
            try await first.save()
            let second = HashCache(path: directory.appending("hashes.json"))
            #expect(try await second.file(path) == file)
            #expect(await second.filesRead == 0)
            #expect(file.size == 3_000_000)
            #expect(file.sha256 == FileHasher.hash(Samples.bytes(3_000_000)))
        }
    }

    @Test func readsAReplacedFileAgain() async throws {
        try await withTemporaryDirectory { directory in
            let path = directory.appending("file")
            let cache = HashCache(path: directory.appending("hashes.json"))
            try Files.write([1, 2, 3], to: path)
            let before = try await cache.file(path)
            try Files.write([3, 2, 1], to: path)
            let after = try await cache.file(path)
            #expect(before.sha256 != after.sha256)
            #expect(await cache.filesRead == 2)
        }
    }

    @Test func survivesADamagedCacheFile() async throws {
        try await withTemporaryDirectory { directory in
            let cachePath = directory.appending("hashes.json")
            try Files.write(Array("{torn".utf8), to: cachePath)
            try Files.write([1], to: directory.appending("file"))
            let file = try await HashCache(path: cachePath).file(directory.appending("file"))
            #expect(file.sha256 == FileHasher.hash([1]))
        }
    }
}
