import SystemPackage

/// Builds the Kubernetes programs from Debian's source package with the release's own Go.
///
/// Every phase is skipped when its product exists, and Go's build cache is kept, so a build that was cut
/// continues. Measured: about 5 minutes and 4 GB of scratch space on two cores.
///
/// The same source can be given another version, `1.20.3-lab`: the programs are linked again with that name and nothing else
/// differs, which takes a minute while Go's build cache is there. It is for trying upgrades.
struct KubernetesBuild: Sendable {
    /// The version that Debian 12 has the source of.
    static let onlyVersion = "1.20.2"

    let cache: CacheLayout
    /// What the programs say of themselves.
    let version: String

    /// Whether Debian's source can be built as this version: its own, or one of the same minor release labelled `lab`.
    static func canBe(_ version: String) -> Bool {
        version == onlyVersion || version.hasPrefix("1.20.") && (version.hasSuffix("-lab") || version.contains("-lab."))
    }

    private var work: FilePath { cache.build("kubernetes-\(Self.onlyVersion)") }
    private var tree: FilePath { work.appending("src/src/k8s.io/kubernetes") }
    private var tools: FilePath { work.appending("tools") }
    private var apt: Apt { Apt(root: work.appending("apt"), type: "deb-src") }
    private var packages: Apt { Apt(root: cache.build("apt")) }
    private var result: FilePath { cache.directory(.debian, .kubernetes, version, .current) }
    private var subject: String { "kubernetes \(version) build" }

    /// The programs, by their folder under `cmd/`.
    private static let programs = ArtifactID.members(of: .kubernetes)

    func run(progress: @escaping ArtifactProgressHandler) async throws {
        try await requireTools()
        try Files.createDirectory(work)
        try await phase("source package", progress) { try await fetchSource(progress) }
        try await phase("source tree", progress) { try await unpack(progress) }
        let go = try await phase("Go toolchain", progress) { try await toolchain(progress) }
        try await phase("compilation", progress) { try await make(go: go, progress) }
        try await phase("result", progress) { try await publish() }
    }

    private func phase<Result>(
        _ name: String,
        _ progress: @escaping ArtifactProgressHandler,
        _ body: () async throws -> Result
    ) async throws -> Result {
        let started = ContinuousClock.now
        progress(.started(subject: "\(subject): \(name)"))
        async let _ = heartbeat(name, since: started, progress)
        let result = try await body()
        let seconds = started.duration(to: .now).seconds
        progress(.finished(subject: "\(subject): \(name)", seconds: seconds, cached: seconds < 0.5))
        return result
    }

    /// A compiler says nothing for minutes; ends with the phase.
    private func heartbeat(
        _ name: String,
        since start: ContinuousClock.Instant,
        _ progress: @escaping ArtifactProgressHandler
    ) async {
        while (try? await Task.sleep(for: .seconds(60))) != nil {
            let minutes = Int((start.duration(to: .now).seconds / 60).rounded())
            progress(.note(subject: subject, text: "\(name) goes on, \(minutes) min"))
        }
    }

    private func requireTools() async throws {
        var missing: [String] = []
        for tool in ["gcc", "make", "rsync", "dpkg-source", "patch", "xz"] where await !Command.exists(tool) {
            missing.append(tool)
        }
        guard missing.isEmpty else {
            throw ArtifactError(
                .toolMissing,
                subject: subject,
                attempted: "find the tools it needs",
                reason: "missing: \(missing.joined(separator: ", "))",
                remedy: "apt-get install gcc libc6-dev make rsync dpkg-dev patch xz-utils"
            )
        }
    }

    private var description: FilePath? {
        Files.names(in: work).first { $0.hasPrefix("kubernetes_") && $0.hasSuffix(".dsc") }.map { work.appending($0) }
    }

    private func fetchSource(_ progress: ArtifactProgressHandler) async throws {
        if description == nil {
            try await apt.prepare(progress: progress)
            let download = ["source", "--download-only", "-q", "kubernetes"]
            try await apt.command("apt-get", download, in: work).follow { progress(.note(subject: subject, text: $0)) }
        }
        let name = description?.lastComponent?.string.dropFirst("kubernetes_".count).dropLast(".dsc".count) ?? ""
        guard DebianVersion.upstream("\(name)") == Self.onlyVersion, Self.canBe(version) else {
            throw ArtifactError(
                .versionUnavailable,
                subject: "kubernetes \(version)",
                attempted: "get its Debian source package",
                reason: "this Debian release has \(name.isEmpty ? "none" : String(name))",
                remedy: "Debian 12 has \(Self.onlyVersion); for other versions use upstream, a mirror or a bundle"
            )
        }
    }

    private func unpack(_ progress: ArtifactProgressHandler) async throws {
        guard !Files.exists(tree), let description else { return }
        let temporary = FilePath("\(tree.string).tmp")
        try await offloaded {
            Files.remove(temporary)
            try Files.createDirectory(tree.removingLastComponent())
        }
        _ = try await Command("dpkg-source", ["--no-check", "-x", description.string, temporary.string], in: work)
            .output()
        try await replaceReflect2(in: temporary, progress)
        try Files.move(temporary, to: tree)
    }

    /// The vendored copy crashes with Go 1.18 and later; Debian's own package of it does not.
    private func replaceReflect2(in tree: FilePath, _ progress: ArtifactProgressHandler) async throws {
        let module = "github.com/modern-go/reflect2"
        let installed = FilePath("/usr/share/gocode/src").appending(module)
        var source = installed
        if !Files.exists(installed) {
            try await addTools(["golang-github-modern-go-reflect2-dev"], progress)
            source = tools.appending("usr/share/gocode/src").appending(module)
        }
        let vendored = tree.appending("vendor").appending(module)
        try await offloaded { Files.remove(vendored) }
        _ = try await Command("cp", ["-a", source.string, vendored.string]).output()
    }

    /// The root of a Go 1.19: the installed one, or the release's packages unpacked beside the source.
    private func toolchain(_ progress: ArtifactProgressHandler) async throws -> FilePath {
        let places: [FilePath] = ["/usr/lib/go-1.19", tools.appending("usr/lib/go-1.19")]
        let usable = { places.first { Files.exists($0.appending("bin/go")) && Files.exists($0.appending("src/fmt")) } }
        if let root = usable() { return root }
        try await addTools(["golang-1.19-go", "golang-1.19-src"], progress)
        guard let root = usable() else {
            throw ArtifactError(
                .toolMissing,
                subject: "Go 1.19",
                attempted: "unpack Debian's packages of it",
                reason: "bin/go or src/fmt is not in them",
                remedy: "apt-get install golang-1.19-go"
            )
        }
        return root
    }

    private func addTools(_ names: [String], _ progress: ArtifactProgressHandler) async throws {
        try await packages.prepare(progress: progress)
        for package in try await packages.download(names) { try await DebianPackage(path: package).extract(to: tools) }
    }

    private var output: FilePath { tree.appending("_output/local/bin/linux").appending(Architecture.current.rawValue) }

    private func make(go: FilePath, _ progress: ArtifactProgressHandler) async throws {
        if Self.programs.allSatisfy({ Files.isFile(output.appending($0.rawValue)) }), stamped == version { return }
        Files.remove(stamp)
        Files.remove(built)
        let versionFile = work.appending("version")
        try Files.write(Array(versionVariables.utf8), to: versionFile)
        let environment = [
            "GOPATH": work.appending("src").string, "GOROOT": go.string, "GO111MODULE": "off", "GOFLAGS": "",
            "GOCACHE": work.appending("gocache").string, "HOME": work.string,
            "PATH": "\(go)/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "KUBE_GIT_VERSION_FILE": versionFile.string,
            // The package's own date instead of today's, so that two builds differ in nothing.
            "SOURCE_DATE_EPOCH": try await packageDate(),
        ]
        let what = Self.programs.map { "cmd/\($0.rawValue)" }.joined(separator: " ")
        // Niced: the machine usually runs something else in these minutes.
        let command = Command("nice", ["-n", "10", "make", "WHAT=\(what)"], in: tree, environment: environment)
        try await command.follow { progress(.note(subject: subject, text: $0)) }
        try Files.write(Array(version.utf8), to: stamp)
    }

    /// Seconds since 1970 of the source package's last changelog entry.
    private func packageDate() async throws -> String {
        let changelog = tree.appending("debian/changelog").string
        let text = try await Command("dpkg-parsechangelog", ["-l", changelog, "-S", "Timestamp"]).output()
        return text.filter(\.isNumber)
    }

    /// Tells a finished compilation from one cut between two programs, and with which version it was linked.
    private var stamp: FilePath { work.appending(".stamped") }
    private var stamped: String? { (try? Files.text(stamp)) ?? (Files.exists(built) ? Self.onlyVersion : nil) }
    /// The mark of builds from before there was more than one version.
    private var built: FilePath { work.appending(".built") }

    /// What `kubectl version` will say; Debian's source has no git metadata.
    private var versionVariables: String {
        let parts = version.split(separator: ".")
        return """
            KUBE_GIT_COMMIT='faecb196815e248d3ecfb03c680a4507229c2a56'
            KUBE_GIT_TREE_STATE='archive'
            KUBE_GIT_VERSION='v\(version)'
            KUBE_GIT_MAJOR='\(parts.first ?? "1")'
            KUBE_GIT_MINOR='\(parts.dropFirst().first ?? "20")'

            """
    }

    private func publish() async throws {
        let temporary = FilePath("\(result.string).tmp")
        let name = version == Self.onlyVersion ? "" : ", with the version \(version) stamped on it"
        let origin = "debian: \(description?.lastComponent?.string ?? "kubernetes"), built here\(name)"
        try await offloaded {
            Files.remove(temporary)
            try Files.createDirectory(temporary)
            for program in Self.programs {
                // Copied, not linked: a later compilation must not write into a finished result.
                try Files.copy(output.appending(program.rawValue), to: temporary.appending(program.rawValue))
            }
            try ProducedFiles.note(Dictionary(uniqueKeysWithValues: Self.programs.map { ($0, origin) }), in: temporary)
            Files.remove(result)
            try Files.move(temporary, to: result)
        }
    }
}
