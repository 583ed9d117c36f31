import SystemPackage

/// Serves artifacts from an unpacked bundle, or from a bundle tar by unpacking it into the cache once.
struct BundleProvider: ArtifactProvider {
    let path: FilePath
    let cache: CacheLayout

    func cached(_ wanted: FamilyRequest) -> ProducedFiles? {
        guard let directory = unpacked, let manifest = try? BundleManifest(in: directory) else { return nil }
        return Self.produced(wanted, manifest, directory)
    }

    func provide(_ wanted: FamilyRequest, progress: @escaping ArtifactProgressHandler) async throws -> ProducedFiles {
        let directory = try await directory(progress: progress)
        let manifest = try BundleManifest(in: directory)
        if let files = Self.produced(wanted, manifest, directory) { return files }
        let found = manifest.artifacts.filter { $0.id.family == wanted.family }
            .map { "\($0.id.rawValue) \($0.version) \($0.architecture.rawValue)" }
        throw ArtifactError(
            .missing,
            subject: wanted.subject,
            attempted: "take it from \(path)",
            reason: "the bundle has \(found.isEmpty ? "nothing of it" : found.joined(separator: ", "))",
            remedy: "make a bundle for these versions with `provision artifacts bundle`"
        )
    }

    /// The directory with the manifest, verified against it when a tar was unpacked.
    func directory(progress: ArtifactProgressHandler) async throws -> FilePath {
        if let unpacked { return unpacked }
        guard let target = unpackedTarget else { throw Self.unusable(path) }
        let started = ContinuousClock.now
        progress(.started(subject: path.string))
        let temporary = FilePath("\(target.string).tmp")
        try await offloaded {
            Files.remove(temporary)
            try Files.createDirectory(temporary)
        }
        do {
            _ = try await Command("tar", ["-xf", path.string, "--no-same-owner", "-C", temporary.string]).output()
            _ = try BundleManifest(in: temporary)
            try Files.move(temporary, to: target)
        } catch {
            Files.remove(temporary)
            throw error
        }
        progress(.finished(subject: path.string, seconds: started.duration(to: .now).seconds, cached: false))
        return target
    }

    static func artifact(_ entry: BundleManifest.Entry, _ directory: FilePath) -> Artifact? {
        let files = entry.files.map { file in
            ArtifactFile(path: directory.appending(file.path), size: file.size, sha256: file.sha256)
        }
        guard let first = files.first else { return nil }
        let sums = files.map { "\($0.sha256)  \($0.name)\n" }.joined()
        let isSingle = entry.id.shape != .debianPackages
        let kind: Artifact.Kind =
            switch entry.id.shape {
            case .binary: .binary(installName: entry.id.installName)
            case .debianPackages: .debianPackages(files)
            case .image: .image(reference: ImageReference.of(entry.id.family, version: entry.version))
            }
        return Artifact(
            id: entry.id,
            version: entry.version,
            architecture: entry.architecture,
            kind: kind,
            path: isSingle ? first.path : first.path.removingLastComponent(),
            size: files.reduce(0) { $0 + $1.size },
            sha256: isSingle ? first.sha256 : FileHasher.hash(Array(sums.utf8)),
            origin: entry.origin
        )
    }

    private var unpacked: FilePath? {
        if Files.isFile(path.appending(BundleManifest.name)) { return path }
        guard let target = unpackedTarget, Files.isFile(target.appending(BundleManifest.name)) else { return nil }
        return target
    }

    /// A tar is unpacked under a name made of its identity, so that a replaced tar is unpacked again.
    private var unpackedTarget: FilePath? {
        guard let identity = FileIdentity(path) else { return nil }
        let key = "\(path) \(identity.inode) \(identity.size) \(identity.modified)"
        return cache.root.appending("bundles").appending(String(FileHasher.hash(Array(key.utf8)).prefix(16)))
    }

    private static func produced(
        _ wanted: FamilyRequest,
        _ manifest: BundleManifest,
        _ directory: FilePath
    ) -> ProducedFiles? {
        let entries = manifest.artifacts.filter { entry in
            entry.architecture == wanted.architecture && wanted.members.contains(entry.id)
                && (wanted.version.map { DebianVersion.matches(entry.version, $0) } ?? true)
        }
        guard Set(entries.map(\.id)) == Set(wanted.members), let first = entries.first, let file = first.files.first
        else { return nil }
        return ProducedFiles(
            directory: directory.appending(file.path).removingLastComponent(),
            family: wanted.family,
            version: first.version,
            architecture: wanted.architecture,
            promised: Dictionary(
                entries.flatMap(\.files).map { (FilePath($0.path).lastComponent?.string ?? $0.path, $0.sha256) },
                uniquingKeysWith: { first, _ in first }
            ),
            origins: Dictionary(entries.map { ($0.id, $0.origin) }, uniquingKeysWith: { first, _ in first })
        )
    }

    private static func unusable(_ path: FilePath) -> ArtifactError {
        ArtifactError(
            .bundleUnreadable,
            subject: path.string,
            attempted: "use it as an artifact source",
            reason: "it is neither a directory with \(BundleManifest.name) nor a bundle tar",
            remedy: "give the file that `provision artifacts bundle` wrote, or the directory it was unpacked to"
        )
    }
}
