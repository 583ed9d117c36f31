import FoundationEssentials
import SystemPackage
import Testing

@testable import ProvisionArtifacts

@Suite struct DebianTests {
    @Test(arguments: [
        ("3.4.23-4+b4", "3.4.23"),
        ("1.6.20~ds1-1+deb12u3", "1.6.20"),
        ("1.1.1+ds1-3+b5", "1.1.1"),
        ("1:2.2.7-1+b2", "2.2.7"),
        ("1.20.5+really1.20.2-1.1+deb12u1", "1.20.2"),
        ("2.90", "2.90"),
    ])
    func readsTheProjectsVersion(debian: String, upstream: String) {
        #expect(DebianVersion.upstream(debian) == upstream)
    }

    @Test(arguments: [
        ("1.20.2", true), ("1.20.3-lab", true), ("1.20.9-lab.2", true), ("1.20.3", false), ("1.21.0-lab", false),
        ("1.20.3-labour", false),
    ])
    func buildsTheOneSourceUnderNamesOfItsMinorRelease(version: String, isPossible: Bool) {
        #expect(KubernetesBuild.canBe(version) == isPossible)
    }

    @Test func tellsOnePackageFromARelease() {
        #expect(DebianVersion.isPackageVersion("2.6.12-1+deb12u4") && !DebianVersion.isPackageVersion("2.6.12"))
        #expect(Apt.name("haproxy=2.6.12-1+deb12u4") == "haproxy" && Apt.name("haproxy") == "haproxy")
    }

    @Test func derivesSourceStanzasOfThisReleaseOnly() {
        let text = """
            Types: deb
            # a comment
            URIs: http://one.invalid/debian
            Suites: bookworm bookworm-updates
            Components: main

            Types: deb
            URIs: http://two.invalid/
            Suites: nodistro

            Enabled: no
            Types: deb
            URIs: http://three.invalid/
            Suites: bookworm
            """
        let expected = """
            Types: deb-src
            URIs: http://one.invalid/debian
            Suites: bookworm bookworm-updates
            Components: main


            """
        #expect(AptSources.stanzas(text, "deb-src", "bookworm") == expected)
    }

    @Test func derivesSourceLinesOfThisReleaseOnly() {
        let text = """
            deb [signed-by=/k] http://one.invalid/debian bookworm main
            deb http://two.invalid/apt cloud-sdk-bookworm main
            deb-src http://one.invalid/debian bookworm main
            # deb http://three.invalid/debian bookworm main
            """
        #expect(
            AptSources.lines(text, "deb-src", "bookworm")
                == "deb-src [signed-by=/k] http://one.invalid/debian bookworm main\n"
        )
    }

    @Test func readsAptsAnswers() {
        let records = "Package: a\nArchitecture: amd64\nVersion: 1:2-3\n\nPackage: b\nVersion: 4\nArchitecture: all\n"
        #expect(Apt.fileNames(records) == ["a_1%3a2-3_amd64.deb", "b_4_all.deb"])
        #expect(Apt.installedName("Inst libc6 (2.36-9 Debian:12/stable [amd64])") == "libc6")
        #expect(Apt.installedName("Conf libc6 (2.36-9 Debian:12/stable [amd64])") == nil)
    }

    @Test func unpacksAPackage() async throws {
        try await withTemporaryDirectory { directory in
            let tree = directory.appending("tree")
            let control = "Package: tiny\nVersion: 1\nArchitecture: all\nMaintainer: N <n@invalid>\nDescription: t\n"
            try Files.write(Array(control.utf8), to: tree.appending("DEBIAN/control"))
            try Files.write(Array("#!/bin/sh\n".utf8), to: tree.appending("usr/bin/tiny"))
            try Files.setExecutable(tree.appending("usr/bin/tiny"))
            let package = directory.appending("tiny.deb")
            _ = try await Command("dpkg-deb", ["--root-owner-group", "--build", tree.string, package.string]).output()
            let root = directory.appending("root")
            try await DebianPackage(path: package).extract(to: root)
            #expect(try Files.text(root.appending("usr/bin/tiny")) == "#!/bin/sh\n")
            #expect(!Files.exists(root.appending("DEBIAN")))
        }
    }

    @Test func refusesOtherDistributions() throws {
        let other = "ID=fedora\nPRETTY_NAME=\"Fedora 42\"\n"
        let error = #expect(throws: ArtifactError.self) { try DebianRelease(osRelease: other) }
        #expect(error?.reason.contains("Fedora 42") == true)
        #expect(try DebianRelease(osRelease: "ID=debian\nVERSION_CODENAME=bookworm\n").codename == "bookworm")
    }

    @Test func recognisesAFinishedKubernetesBuild() async throws {
        try await withTemporaryDirectory { directory in
            let members = ArtifactID.members(of: .kubernetes)
            let folder = directory.appending("artifacts/debian/kubernetes-1.20.2-\(Architecture.current.rawValue)")
            for id in members.dropLast() { try Files.write([1], to: folder.appending(id.rawValue)) }
            let provider = DebianProvider(cache: CacheLayout(root: directory))
            let wanted = FamilyRequest(
                family: .kubernetes,
                members: members,
                architecture: .current,
                versions: [.kubernetes: "1.20.2"]
            )
            #expect(provider.cached(wanted) == nil)
            try Files.write([1], to: folder.appending(members[members.count - 1].rawValue))
            #expect(provider.cached(wanted)?.directory == folder)
        }
    }

    /// Needs the machine's package sources, so it runs only when asked for.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["PROVISION_DEBIAN_TESTS"] == "1"))
    func takesProgramsAndImagesFromPackages() async throws {
        try await withTemporaryDirectory { directory in
            let lock = directory.appending("provision.lock")
            let request = ArtifactRequest(source: .debian, components: [.runc, .haproxy, .nginxImage, .pauseImage])
            let store = ArtifactStore(cacheDirectory: directory.appending("cache"), lockFile: lock)
            let set = try await store.resolve(request)
            #expect(set.artifacts.count == 4)
            let runc = try #require(set[.runc, .current])
            #expect(try await Command(runc.path.string, ["--version"]).output().contains("runc version"))
            let names = set[.haproxy, .current]?.files.map(\.name) ?? []
            #expect(names.contains { $0.hasPrefix("haproxy_") })
            #expect(!names.contains { $0.hasPrefix("libc6_") })
            #expect(try await store.resolve(request) == set)
        }
    }
}
