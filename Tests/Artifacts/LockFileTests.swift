import SystemPackage
import Testing

@testable import ProvisionArtifacts

@Suite struct LockFileTests {
    private func artifact(_ sha256: String, version: String = "1", id: ArtifactID = .runc) -> Artifact {
        Artifact(
            id: id,
            version: version,
            architecture: .amd64,
            kind: .binary(installName: id.installName),
            path: "/cache/runc",
            size: 5,
            sha256: sha256,
            origin: "http://127.0.0.1/runc"
        )
    }

    @Test func acceptsTheSameAndRefusesAnother() throws {
        var lock = LockFile()
        try lock.check(artifact("aa"), lock: "provision.lock")
        try lock.check(artifact("aa"), lock: "provision.lock")
        try lock.check(artifact("bb", version: "2"), lock: "provision.lock")
        #expect(lock.artifacts.count == 2)
        let error = #expect(throws: ArtifactError.self) { try lock.check(artifact("cc"), lock: "provision.lock") }
        #expect(error?.code == .lockMismatch)
        #expect(error?.reason.contains("aa") == true && error?.reason.contains("cc") == true)
    }

    @Test func writesTheSameBytesInAnyOrder() async throws {
        try await withTemporaryDirectory { directory in
            var one = LockFile()
            var two = LockFile()
            let artifacts = [artifact("aa"), artifact("bb", id: .etcd), artifact("cc", version: "2")]
            for artifact in artifacts { try one.check(artifact, lock: "") }
            for artifact in artifacts.reversed() { try two.check(artifact, lock: "") }
            try one.write(to: directory.appending("one"))
            try two.write(to: directory.appending("two"))
            #expect(try Files.read(directory.appending("one")) == Files.read(directory.appending("two")))
            #expect(try LockFile(path: directory.appending("one")) == one)
        }
    }

    @Test func refusesAnUnreadableFile() async throws {
        try await withTemporaryDirectory { directory in
            try Files.write(Array("{\"artifacts\":".utf8), to: directory.appending("lock"))
            let error = #expect(throws: ArtifactError.self) { try LockFile(path: directory.appending("lock")) }
            #expect(error?.code == .lockUnreadable)
        }
    }
}
