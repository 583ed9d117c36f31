import SystemPackage
import Testing

@testable import ProvisionArtifacts

@Suite struct StoreTests {
    private let request: @Sendable (String) -> ArtifactRequest = { base in
        ArtifactRequest(
            source: .mirror(baseURL: base),
            components: [.kubelet, .etcd, .etcdctl, .runc, .cniBridge, .pauseImage],
            architectures: [.amd64, .arm64],
            versions: [.kubernetes: "v1.36.2", .etcd: "3.6.5", .runc: "1.3.0", .cni: "1.7.1"]
        )
    }

    @Test func fetchesAMixedFleetOnceAndLocksIt() async throws {
        try await withMirror { mirror, directory in
            try await FileServer.run(mirror.answer) { server, base in
                let store = Self.store(directory)
                let set = try await store.resolve(request(base))
                #expect(set.artifacts.count == 12)
                let kubelet = try #require(set[.kubelet, .arm64])
                #expect(try Files.text(kubelet.path) == "kubelet arm64")
                #expect(kubelet.kind == .binary(installName: "kubelet"))
                #expect(kubelet.origin == "\(base)/dl.k8s.io/v1.36.2/bin/linux/arm64/kubelet")
                let bridge = try #require(set[.cniBridge, .amd64])
                #expect(bridge.path.lastComponent?.string == "bridge")
                #expect(set[.pauseImage, .amd64]?.kind == .image(reference: "provision.local/pause:1"))
                let lock = try LockFile(path: directory.appending("provision.lock"))
                #expect(lock.artifacts.count == 12)
                #expect(lock[.kubelet, .arm64, "1.36.2"]?.sha256 == kubelet.sha256)

                let asked = server.requests.count
                #expect(try await Self.store(directory).resolve(request(base)) == set)
                #expect(server.requests.count == asked)
            }
        }
    }

    @Test func refusesWhatIsNotAsLocked() async throws {
        try await withMirror { mirror, directory in
            try await FileServer.run(mirror.answer) { _, base in
                let set = try await Self.store(directory).resolve(request(base))
                let runc = try #require(set[.runc, .amd64])
                try Files.write(Array("something else".utf8), to: runc.path)
                let error = await #expect(throws: ArtifactError.self) {
                    try await Self.store(directory).resolve(request(base))
                }
                #expect(error?.code == .lockMismatch)
                #expect(error?.reason.contains(runc.sha256) == true)
                #expect(error?.reason.contains(FileHasher.hash(Array("something else".utf8))) == true)
                let listed = try await Self.store(directory).list(request(base))
                #expect(listed.filter { $0.state == .different }.map(\.id) == [.runc])
            }
        }
    }

    @Test func verifyBelievesFilesAndNotTheHashCache() async throws {
        try await withMirror { mirror, directory in
            try await FileServer.run(mirror.answer) { _, base in
                let set = try await Self.store(directory).resolve(request(base))
                let runc = try #require(set[.runc, .amd64])
                let path = directory.appending("cache/artifacts/hashes.json")
                let parts = try Files.text(path).split(separator: runc.sha256)
                #expect(parts.count == 2)
                let wrong = parts.joined(separator: String(repeating: "0", count: 64))
                try Files.write(Array(wrong.utf8), to: path)
                let error = await #expect(throws: ArtifactError.self) {
                    try await Self.store(directory).resolve(request(base))
                }
                #expect(error?.code == .lockMismatch)
                #expect(try await Self.store(directory).verify(request(base)) == set)
            }
        }
    }

    @Test func listsWhatIsMissingWithoutTheNetwork() async throws {
        try await withTemporaryDirectory { directory in
            let listed = try await Self.store(directory).list(request("http://127.0.0.1:1"))
            #expect(listed.count == 12)
            #expect(listed.allSatisfy { $0.state == .missing })
            #expect(Files.names(in: directory).isEmpty)
        }
    }

    @Test func refusesAFileThatDiffersFromItsChecksum() async throws {
        try await withMirror { mirror, directory in
            let wrong: FileServer.Answer = { request in
                request.uri.hasSuffix("/kubelet") ? .file(Array("evil".utf8)) : mirror.answer(request)
            }
            try await FileServer.run(wrong) { _, base in
                let failures = await #expect(throws: ArtifactFailures.self) {
                    try await Self.store(directory).resolve(request(base))
                }
                // One for each architecture.
                #expect(failures?.errors.map(\.code) == [.hashMismatch, .hashMismatch])
                #expect(!Files.exists(directory.appending("provision.lock")))
            }
        }
    }

    @Test func asksForAVersionWhereNoneIsGiven() async throws {
        try await withTemporaryDirectory { directory in
            let request = ArtifactRequest(source: .mirror(baseURL: "http://127.0.0.1:1"), components: [.etcd])
            let error = await #expect(throws: ArtifactError.self) { try await Self.store(directory).resolve(request) }
            #expect(error?.code == .versionMissing)
        }
    }

    @Test func makesTheCoreDNSImageOfItsRelease() async throws {
        try await withMirror { mirror, directory in
            try await FileServer.run(mirror.answer) { server, base in
                let wanted = ArtifactRequest(
                    source: .mirror(baseURL: base),
                    components: [.corednsImage],
                    architectures: [.arm64],
                    versions: [.coredns: "1.12.0"]
                )
                let set = try await Self.store(directory).resolve(wanted)
                let image = try #require(set[.corednsImage, .arm64])
                #expect(image.kind == .image(reference: "provision.local/coredns:1.12.0"))
                #expect(image.origin.hasSuffix("/coredns_1.12.0_linux_arm64.tgz"))
                let names = try await Command("tar", ["-tf", image.path.string]).output()
                #expect(names.contains("index.json\n"))
                let asked = server.requests.count
                #expect(try await Self.store(directory).resolve(wanted) == set)
                #expect(server.requests.count == asked)
            }
        }
    }

    @Test func bundlesAndReadsItBack() async throws {
        try await withMirror { mirror, directory in
            try await FileServer.run(mirror.answer) { _, base in
                let set = try await Self.store(directory).resolve(request(base))
                let bundle = directory.appending("bundle.tar")
                try await Self.store(directory).bundle(set, to: bundle)
                let again = directory.appending("again.tar")
                try await Self.store(directory).bundle(set, to: again)
                #expect(try FileHasher.hash(bundle) == FileHasher.hash(again))

                var offline = request(base)
                offline.source = .directory(bundle)
                let other = directory.appending("other")
                let read = try await Self.store(other).resolve(offline)
                #expect(read.artifacts.map(\.sha256) == set.artifacts.map(\.sha256))
                #expect(read.artifacts.map(\.origin) == set.artifacts.map(\.origin))
                let verified = try await Bundle.verify(bundle, cacheDirectory: other.appending("cache"))
                #expect(verified.artifacts.count == 12)
            }
        }
    }

    @Test func refusesADamagedBundle() async throws {
        try await withMirror { mirror, directory in
            try await FileServer.run(mirror.answer) { _, base in
                let set = try await Self.store(directory).resolve(request(base))
                let tar = directory.appending("bundle.tar")
                try await Self.store(directory).bundle(set, to: tar)
                let unpacked = directory.appending("unpacked")
                try Files.createDirectory(unpacked)
                _ = try await Command("tar", ["-xf", tar.string, "-C", unpacked.string]).output()
                let file = unpacked.appending("files/runc-1.3.0-amd64/runc")
                try Files.write(Array("x".utf8), to: file)
                var offline = request(base)
                offline.source = .directory(unpacked)
                let error = await #expect(throws: ArtifactError.self) {
                    try await Self.store(directory.appending("other")).resolve(offline)
                }
                #expect(error?.code == .hashMismatch)
                let found = await #expect(throws: ArtifactError.self) {
                    try await Bundle.verify(unpacked, cacheDirectory: directory)
                }
                #expect(found?.reason.contains("files/runc-1.3.0-amd64/runc") == true)
            }
        }
    }

    private static func store(_ directory: FilePath) -> ArtifactStore {
        ArtifactStore(
            cacheDirectory: directory.appending("cache"),
            lockFile: directory.appending("provision.lock"),
            policy: Samples.policy
        )
    }

    private func withMirror(_ body: (Mirror, FilePath) async throws -> Void) async throws {
        try await withTemporaryDirectory { directory in
            let mirror = try await Mirror.build(in: directory.appending("release"))
            Files.remove(directory.appending("release"))
            try await body(mirror, directory)
        }
    }
}
