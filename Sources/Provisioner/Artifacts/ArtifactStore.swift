import Synchronization
package import SystemPackage

/// The artifacts of an inventory: fetched, built, locked, verified, listed and bundled.
package struct ArtifactStore: Sendable {
    private let cache: CacheLayout
    private let lockPath: FilePath
    private let downloader: Downloader
    private let hashes: HashCache

    /// Opens the cache; nothing is written before the first `resolve`.
    ///
    /// - Parameters:
    ///   - cacheDirectory: The cache root, see `CacheLayout.init(environment:)`.
    ///   - lockFile: `provision.lock` beside the inventory.
    ///   - environment: The process environment, read for proxy variables.
    ///   - policy: Patience and parallelism of downloads.
    package init(
        cacheDirectory: FilePath,
        lockFile: FilePath,
        environment: [String: String] = [:],
        policy: DownloadPolicy = DownloadPolicy()
    ) {
        cache = CacheLayout(root: cacheDirectory)
        lockPath = lockFile
        downloader = Downloader(policy: policy, proxies: ProxyEnvironment(environment))
        hashes = HashCache(path: cache.hashes)
    }

    /// Fetches or builds what is missing, compares everything with the lock file and adds what is new to it.
    package func resolve(
        _ request: ArtifactRequest,
        progress: @escaping ArtifactProgressHandler = { _ in }
    ) async throws -> ArtifactSet {
        let guardian = CacheGuard(path: cache.root.appending("artifacts/.lock"))
        let waiting = { progress(.note(subject: "cache", text: "another run is using \(cache.root), waiting")) }
        return try await guardian.locked(waiting: waiting) {
            var lock = try LockFile(path: lockPath)
            let before = lock
            var artifacts: [Artifact] = []
            let fetched = try await prefetch(request, progress)
            for wanted in Self.split(request) {
                // What was fetched just now has been reported already.
                let report = fetched.contains(wanted) ? Self.silent : progress
                let files = try await files(wanted, from: request.source, report)
                for id in wanted.members {
                    let artifact = try await artifact(id, files)
                    try lock.check(artifact, lock: lockPath.string)
                    artifacts.append(artifact)
                }
            }
            if lock != before { try lock.write(to: lockPath) }
            try await hashes.save()
            return ArtifactSet(artifacts)
        }
    }

    /// What is wanted and whether it is here, without network or changes.
    package func list(_ request: ArtifactRequest) async throws -> [ArtifactListing] {
        let lock = try LockFile(path: lockPath)
        var lines: [ArtifactListing] = []
        for wanted in Self.split(request) {
            let provider = provider(for: wanted.family, source: request.source)
            for id in wanted.members {
                guard let files = provider.cached(wanted.other(wanted.family, [id])) else {
                    lines.append(Self.missing(id, wanted))
                    continue
                }
                lines.append(listing(try await artifact(id, files), lock))
            }
        }
        return lines
    }

    /// Reads every file anew, whatever the hash cache says, and compares with the lock file; all must be here.
    package func verify(_ request: ArtifactRequest) async throws -> ArtifactSet {
        var lock = try LockFile(path: lockPath)
        var artifacts: [Artifact] = []
        for wanted in Self.split(request) {
            guard let files = provider(for: wanted.family, source: request.source).cached(wanted)
            else { throw Self.absent(wanted) }
            for id in wanted.members {
                for path in Self.paths(of: id, files) { await hashes.forget(path) }
                let artifact = try await artifact(id, files)
                try lock.check(artifact, lock: lockPath.string)
                artifacts.append(artifact)
            }
        }
        return ArtifactSet(artifacts)
    }

    /// Writes one tar with a manifest and all files, usable as a `directory` source on a machine without network.
    package func bundle(_ set: ArtifactSet, to path: FilePath) async throws {
        try await Bundle.write(set, to: path)
    }

    private static let silent: ArtifactProgressHandler = { _ in }

    /// Downloads released programs of several families at once; what apt and tar make stays one after the other.
    private func prefetch(
        _ request: ArtifactRequest,
        _ progress: @escaping ArtifactProgressHandler
    ) async throws -> Set<FamilyRequest> {
        let missing = Self.split(request).filter { wanted in
            let provider = provider(for: wanted.family, source: request.source)
            return provider is ReleaseProvider && provider.cached(wanted) == nil
        }
        let failed = Mutex<[FamilyRequest: ArtifactError]>([:])
        try await forEach(missing, limit: 3) { wanted in
            // One that fails stops no other: what is got now need not be got again, and all failures are told.
            do { _ = try await files(wanted, from: request.source, progress) } catch let error as ArtifactError {
                failed.withLock { $0[wanted] = error }
            }
        }
        let errors = failed.withLock { failed in missing.compactMap { failed[$0] } }
        if errors.count > 1 { throw ArtifactFailures(errors) }
        if let error = errors.first { throw error }
        return Set(missing)
    }

    private func files(
        _ wanted: FamilyRequest,
        from source: ArtifactSource,
        _ progress: @escaping ArtifactProgressHandler
    ) async throws -> ProducedFiles {
        let provider = provider(for: wanted.family, source: source)
        let started = ContinuousClock.now
        let cached = provider.cached(wanted)
        if cached == nil { progress(.started(subject: wanted.subject)) }
        let files: ProducedFiles
        if let cached { files = cached } else { files = try await provider.provide(wanted, progress: progress) }
        guard files.holds(wanted.members) else { throw Self.absent(wanted) }
        let seconds = started.duration(to: .now).seconds
        progress(.finished(subject: wanted.subject, seconds: seconds, cached: cached != nil))
        return files
    }

    private func provider(for family: ArtifactFamily, source: ArtifactSource) -> any ArtifactProvider {
        if case .directory(let path) = source { return BundleProvider(path: path, cache: cache) }
        let debian = DebianProvider(cache: cache)
        let releases = ReleaseProvider(source: source, cache: cache, downloader: downloader)
        let programs: any ArtifactProvider = source == .debian ? debian : releases
        return switch family {
        case .haproxy, .keepalived, .docker: debian
        case .pause, .nginx, .dnsmasq, .coredns: ImageProvider(source: source, cache: cache, programs: programs)
        default: programs
        }
    }

    private func artifact(_ id: ArtifactID, _ files: ProducedFiles) async throws -> Artifact {
        var hashed: [ArtifactFile] = []
        for path in Self.paths(of: id, files) { hashed.append(try await hashes.file(path)) }
        try hashed.forEach { try Self.comparePromise($0, files) }
        let isSingle = id.shape != .debianPackages
        let sums = hashed.map { "\($0.sha256)  \($0.name)\n" }.joined()
        return Artifact(
            id: id,
            version: files.version,
            architecture: files.architecture,
            kind: Self.kind(id, files, hashed),
            path: files.path(of: id),
            size: hashed.reduce(0) { $0 + $1.size },
            sha256: isSingle ? hashed[0].sha256 : FileHasher.hash(Array(sums.utf8)),
            origin: files.origin(of: id)
        )
    }

    private static func comparePromise(_ file: ArtifactFile, _ files: ProducedFiles) throws(ArtifactError) {
        guard let promised = files.promised[file.name], promised != file.sha256 else { return }
        throw ArtifactError(
            .hashMismatch,
            subject: file.path.string,
            attempted: "verify it with the bundle's manifest",
            reason: "expected sha256 \(promised), found \(file.sha256)",
            remedy: "copy or unpack the bundle again"
        )
    }

    private static func kind(_ id: ArtifactID, _ files: ProducedFiles, _ hashed: [ArtifactFile]) -> Artifact.Kind {
        switch id.shape {
        case .binary: .binary(installName: id.installName)
        case .debianPackages: .debianPackages(hashed)
        case .image: .image(reference: ImageReference.of(id.family, version: files.version))
        }
    }

    private static func paths(of id: ArtifactID, _ files: ProducedFiles) -> [FilePath] {
        id.shape == .debianPackages ? files.packages : [files.path(of: id)]
    }

    /// One piece per family and architecture, in a stable order; images last, because some hold a program.
    private static func split(_ request: ArtifactRequest) -> [FamilyRequest] {
        request.families
            .sorted { !$0.members.contains { $0.shape == .image } && $1.members.contains { $0.shape == .image } }
            .flatMap { family, members in
                request.architectures.sorted().map { architecture in
                    FamilyRequest(
                        family: family,
                        members: members,
                        architecture: architecture,
                        versions: request.versions
                    )
                }
            }
    }

    private func listing(_ artifact: Artifact, _ lock: LockFile) -> ArtifactListing {
        let entry = lock[artifact.id, artifact.architecture, artifact.version]
        let state: ArtifactListing.State =
            entry.map { $0.sha256 == artifact.sha256 ? .present : .different } ?? .unlocked
        return ArtifactListing(
            id: artifact.id,
            architecture: artifact.architecture,
            version: artifact.version,
            state: state,
            artifact: artifact
        )
    }

    private static func missing(_ id: ArtifactID, _ wanted: FamilyRequest) -> ArtifactListing {
        ArtifactListing(
            id: id,
            architecture: wanted.architecture,
            version: wanted.version,
            state: .missing,
            artifact: nil
        )
    }

    private static func absent(_ wanted: FamilyRequest) -> ArtifactError {
        ArtifactError(
            .missing,
            subject: wanted.subject,
            attempted: "find its files",
            reason: "not all of \(wanted.members.map(\.rawValue).joined(separator: ", ")) are there",
            remedy: "run `provision artifacts fetch`"
        )
    }
}
