import SystemPackage

/// Gets families from the projects' release pages or a mirror of them.
struct ReleaseProvider: ArtifactProvider {
    let source: ArtifactSource
    let cache: CacheLayout
    let downloader: Downloader

    func cached(_ wanted: FamilyRequest) -> ProducedFiles? {
        guard let version = wanted.version else { return nil }
        let files = produced(wanted, version)
        return files.holds(wanted.members) ? files : nil
    }

    func provide(_ wanted: FamilyRequest, progress: @escaping ArtifactProgressHandler) async throws -> ProducedFiles {
        let version = try wanted.requiredVersion()
        let files = produced(wanted, version)
        let missing = wanted.members.filter { !files.holds([$0]) }
        let layout = ReleaseLayout(source: source)
        let arch = wanted.architecture
        guard let downloads = layout.downloads(wanted.family, missing, version: version, architecture: arch)
        else { throw Self.unpublished(wanted) }
        try await forEach(downloads, limit: downloader.policy.parallel) { download in
            try await fetch(download, into: files.directory, progress: progress)
        }
        let origins = downloads.flatMap { download in download.artifacts.map { ($0, download.url) } }
        try ProducedFiles.note(Dictionary(uniqueKeysWithValues: origins), in: files.directory)
        return files
    }

    private func produced(_ wanted: FamilyRequest, _ version: String) -> ProducedFiles {
        ProducedFiles(
            directory: cache.directory(source, wanted.family, version, wanted.architecture),
            family: wanted.family,
            version: version,
            architecture: wanted.architecture
        )
    }

    private func fetch(
        _ download: Download,
        into directory: FilePath,
        progress: @escaping ArtifactProgressHandler
    ) async throws {
        let started = ContinuousClock.now
        progress(.started(subject: download.url))
        let sums = try await downloader.text(download.checksumURL, progress: progress)
        guard let sha256 = ChecksumFile.hash(for: download.name, in: sums) else { throw Self.unreadable(download) }
        if download.members.isEmpty {
            // One file, one artifact: the part file lies beside its final name.
            let id = download.artifacts[0]
            let path = directory.appending(id.installName)
            let staged = directory.appending(".\(id.installName).download")
            try await downloader.fetch(download.url, sha256: sha256, to: staged, progress: progress)
            try Files.setExecutable(staged)
            try Files.move(staged, to: path)
        } else {
            try await fetchArchive(download, sha256, into: directory, progress: progress)
        }
        let seconds = started.duration(to: .now).seconds
        progress(.finished(subject: download.url, seconds: seconds, cached: false))
    }

    private func fetchArchive(
        _ download: Download,
        _ sha256: String,
        into directory: FilePath,
        progress: @escaping ArtifactProgressHandler
    ) async throws {
        let archive = directory.appending(".\(download.name)")
        let unpacked = directory.appending(".\(download.name).unpacked")
        defer {
            Files.remove(archive)
            Files.remove(unpacked)
        }
        try await downloader.fetch(download.url, sha256: sha256, to: archive, progress: progress)
        try Files.createDirectory(unpacked)
        _ = try await Command("tar", ["-xzf", archive.string, "--no-same-owner", "-C", unpacked.string]).output()
        for (id, member) in download.members.sorted(by: { $0.key < $1.key }) {
            let file = unpacked.appending(member)
            guard Files.isFile(file) else { throw Self.incomplete(download, member) }
            // An image's program is kept beside the archive that will be made of it.
            let name = id.shape == .image ? id.family.rawValue : id.installName
            try Files.setExecutable(file)
            try Files.move(file, to: directory.appending(name))
        }
    }

    private static func unpublished(_ wanted: FamilyRequest) -> ArtifactError {
        ArtifactError(
            .unsupported,
            subject: wanted.family.rawValue,
            attempted: "find its release",
            reason: "the project publishes no ready-made files",
            remedy: "take it from a bundle or from Debian packages"
        )
    }

    private static func unreadable(_ download: Download) -> ArtifactError {
        ArtifactError(
            .checksumUnreadable,
            subject: download.checksumURL,
            attempted: "read the SHA-256 of \(download.name)",
            reason: "the file has no line for it",
            remedy: "open the URL and see what the server sends; a mirror must copy checksum files unchanged"
        )
    }

    private static func incomplete(_ download: Download, _ member: String) -> ArtifactError {
        ArtifactError(
            .missing,
            subject: download.url,
            attempted: "take \(member) out of the archive",
            reason: "the archive has no such file",
            remedy: "this version is packed differently; choose another one"
        )
    }
}

/// Runs `body` for each element, at most `limit` at a time; the first error cancels the rest.
func forEach<Element: Sendable>(
    _ elements: [Element],
    limit: Int,
    _ body: @escaping @Sendable (Element) async throws -> Void
) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for (index, element) in elements.enumerated() {
            if index >= limit { try await group.next() }
            group.addTask { try await body(element) }
        }
        try await group.waitForAll()
    }
}
