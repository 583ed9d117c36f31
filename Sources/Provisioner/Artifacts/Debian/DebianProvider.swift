import SystemPackage

/// Gets families from Debian packages of this machine's sources, and Kubernetes from its source package.
struct DebianProvider: ArtifactProvider {
    let cache: CacheLayout

    private var apt: Apt { Apt(root: cache.build("apt")) }

    func cached(_ wanted: FamilyRequest) -> ProducedFiles? {
        versions(wanted).map { produced(wanted, $0) }.first { $0.holds(wanted.members) }
    }

    func provide(_ wanted: FamilyRequest, progress: @escaping ArtifactProgressHandler) async throws -> ProducedFiles {
        guard wanted.architecture == .current else { throw Self.foreign(wanted) }
        if wanted.family == .kubernetes {
            let build = KubernetesBuild(cache: cache, version: wanted.version ?? KubernetesBuild.onlyVersion)
            try await build.run(progress: progress)
            return produced(wanted, build.version)
        }
        guard let names = Self.packages[wanted.family] else { throw Self.unpackaged(wanted) }
        try await apt.prepare(progress: progress)
        let newest = try await apt.candidate(names[0])
        let exact = wanted.version.flatMap { DebianVersion.isPackageVersion($0) ? $0 : nil }
        if let exact, try await !apt.versions(names[0]).contains(exact) { throw Self.unavailable(wanted, newest) }
        let full = exact ?? newest
        let version = exact ?? DebianVersion.upstream(full)
        if let asked = wanted.version, asked != version { throw Self.unavailable(wanted, full) }
        let packages = exact.map { exact in names.map { "\($0)=\(exact)" } } ?? names
        let files = produced(wanted, version)
        let staged = FilePath("\(files.directory.string).tmp")
        try await offloaded {
            Files.remove(staged)
            try Files.createDirectory(staged)
        }
        if wanted.members.contains(where: { $0.shape == .debianPackages }) {
            try await collect(packages, wanted, into: staged)
        } else {
            try await extract(packages, Self.programs(wanted), into: staged)
        }
        let origin = "debian: \(names[0])=\(full)"
        let origins = Self.programs(wanted).map { ($0, origin) }
        try ProducedFiles.note(Dictionary(uniqueKeysWithValues: origins), in: staged)
        Files.remove(files.directory)
        try Files.move(staged, to: files.directory)
        return files
    }

    /// Everything that the packages hold; etcdutl is in those of newer versions only.
    private static func programs(_ wanted: FamilyRequest) -> [ArtifactID] {
        ArtifactID.members(of: wanted.family).filter { $0 != .etcdutl || wanted.members.contains($0) }
    }

    /// Programs out of packages, under their install names.
    private func extract(_ packages: [String], _ members: [ArtifactID], into directory: FilePath) async throws {
        let root = directory.appending(".root")
        for package in try await apt.download(packages) {
            try await DebianPackage(path: package).extract(to: root)
        }
        let folders = ["usr/bin", "usr/sbin", "usr/lib/cni", "bin", "sbin"]
        for id in members {
            let places = folders.map { root.appending($0).appending(id.installName) }
            guard let program = places.first(where: Files.isPlainFile) else { throw Self.lacking(id, packages) }
            try Files.setExecutable(program)
            try Files.move(program, to: directory.appending(id.installName))
        }
        Files.remove(root)
    }

    /// Packages with everything they need that a small server does not have yet.
    private func collect(_ packages: [String], _ wanted: FamilyRequest, into directory: FilePath) async throws {
        let base = try await apt.closure(BaseSystem.packages + BaseSystem.absent)
        let all = try await apt.closure(BaseSystem.packages + packages)
        // apt says names; a version that was asked for goes with its name again.
        let needed = all.subtracting(base).subtracting(packages.map(Apt.name)).union(packages)
        for package in try await apt.download(needed.sorted()) {
            guard let name = package.lastComponent else { continue }
            try Files.linkOrCopy(package, to: directory.appending(name))
        }
    }

    /// The version asked for; without one, those that lie in the cache, newest name first.
    private func versions(_ wanted: FamilyRequest) -> [String] {
        if let version = wanted.version { return [version] }
        let prefix = "\(wanted.family.rawValue)-"
        let suffix = "-\(wanted.architecture.rawValue)"
        let parent = cache.directory(.debian, wanted.family, "0", wanted.architecture).removingLastComponent()
        return Files.names(in: parent).reversed()
            .filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }
            .map { String($0.dropFirst(prefix.count).dropLast(suffix.count)) }
            .filter { !DebianVersion.isPackageVersion($0) }
    }

    private func produced(_ wanted: FamilyRequest, _ version: String) -> ProducedFiles {
        ProducedFiles(
            directory: cache.directory(.debian, wanted.family, version, wanted.architecture),
            family: wanted.family,
            version: version,
            architecture: wanted.architecture
        )
    }

    /// The package that names the version comes first.
    private static let packages: [ArtifactFamily: [String]] = [
        .etcd: ["etcd-server", "etcd-client"],
        .containerd: ["containerd"],
        .runc: ["runc"],
        .cni: ["containernetworking-plugins"],
        .haproxy: ["haproxy"],
        .keepalived: ["keepalived"],
        .docker: ["docker.io"],
    ]

    private static func foreign(_ wanted: FamilyRequest) -> ArtifactError {
        ArtifactError(
            .unsupported,
            subject: wanted.subject,
            attempted: "take it from Debian",
            reason: "the debian source serves this machine's own architecture, \(Architecture.current.rawValue)",
            remedy: "use upstream, a mirror or a bundle for mixed fleets"
        )
    }

    private static func unpackaged(_ wanted: FamilyRequest) -> ArtifactError {
        ArtifactError(
            .unsupported,
            subject: wanted.subject,
            attempted: "take it from Debian",
            reason: "Debian 12 has no package of \(wanted.family.rawValue)",
            remedy: "leave it out, or use upstream, a mirror or a bundle"
        )
    }

    private static func unavailable(_ wanted: FamilyRequest, _ found: String) -> ArtifactError {
        ArtifactError(
            .versionUnavailable,
            subject: wanted.subject,
            attempted: "take it from Debian",
            reason: "this Debian release has \(found)",
            remedy: "set versions.\(wanted.family.rawValue) to \(DebianVersion.upstream(found)) or leave it out"
        )
    }

    private static func lacking(_ id: ArtifactID, _ packages: [String]) -> ArtifactError {
        ArtifactError(
            .missing,
            subject: id.rawValue,
            attempted: "take it out of \(packages.joined(separator: ", "))",
            reason: "the packages have no such program",
            remedy: "this Debian release packs it differently; use another source"
        )
    }
}
