import SystemPackage

/// Makes the images: pause out of nothing, nginx and dnsmasq out of Debian packages, CoreDNS out of its release.
struct ImageProvider: ArtifactProvider {
    let source: ArtifactSource
    let cache: CacheLayout
    /// Where the programs come from that images contain.
    let programs: any ArtifactProvider

    private var apt: Apt { Apt(root: cache.build("apt")) }
    private static let pauseVersion = "1"

    func cached(_ wanted: FamilyRequest) -> ProducedFiles? {
        let parent = cache.directory(source, wanted.family, "0", wanted.architecture).removingLastComponent()
        let prefix = "\(wanted.family.rawValue)-"
        let suffix = "-\(wanted.architecture.rawValue)"
        let versions = Files.names(in: parent).reversed()
            .filter { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }
            .map { String($0.dropFirst(prefix.count).dropLast(suffix.count)) }
        let fitting = versions.filter { version in
            (wanted.version.map { DebianVersion.matches(version, $0) } ?? true) && hasRightKubectl(wanted, version)
        }
        return fitting.map { produced(wanted, $0) }.first { $0.holds(wanted.members) }
    }

    func provide(_ wanted: FamilyRequest, progress: @escaping ArtifactProgressHandler) async throws -> ProducedFiles {
        switch wanted.family {
        case .pause: try await pause(wanted)
        case .coredns: try await coredns(wanted, progress)
        case .nginx: try await debian(wanted, .nginx, kubectl: nil, progress)
        default: try await dnsmasq(wanted, progress)
        }
    }

    private func pause(_ wanted: FamilyRequest) async throws -> ProducedFiles {
        let version = wanted.version ?? Self.pauseVersion
        guard version == Self.pauseVersion else { throw Self.unavailable(wanted, Self.pauseVersion) }
        let image = archive(wanted, version, entrypoint: ["/pause"])
        return try await pack(wanted, version, image, origin: "built here") { root in
            try Files.write(PauseProgram.elf(wanted.architecture), to: root.path.appending("pause"))
            try Files.setExecutable(root.path.appending("pause"))
        }
    }

    private func coredns(
        _ wanted: FamilyRequest,
        _ progress: @escaping ArtifactProgressHandler
    ) async throws -> ProducedFiles {
        let version = try wanted.requiredVersion()
        // The release provider leaves the program beside the place where the archive goes.
        let place = produced(wanted, version)
        let program = place.directory.appending(wanted.family.rawValue)
        if !Files.isFile(program) { _ = try await programs.provide(wanted, progress: progress) }
        let image = archive(wanted, version, entrypoint: ["/coredns"])
        return try await pack(wanted, version, image, origin: place.origin(of: .corednsImage)) { root in
            try root.addProgram("coredns", from: program)
        }
    }

    private func dnsmasq(
        _ wanted: FamilyRequest,
        _ progress: @escaping ArtifactProgressHandler
    ) async throws -> ProducedFiles {
        let request = wanted.other(.kubernetes, [.kubectl])
        let cached = programs.cached(request)
        let kubectl: ProducedFiles
        if let cached { kubectl = cached } else { kubectl = try await programs.provide(request, progress: progress) }
        return try await debian(wanted, .dnsmasq, kubectl: kubectl, progress)
    }

    private func debian(
        _ wanted: FamilyRequest,
        _ recipe: ImageRecipe,
        kubectl: ProducedFiles?,
        _ progress: @escaping ArtifactProgressHandler
    ) async throws -> ProducedFiles {
        guard wanted.architecture == .current else { throw Self.foreign(wanted) }
        try await apt.prepare(progress: progress)
        let full = try await apt.candidate(recipe.packages[0])
        let upstream = DebianVersion.upstream(full)
        if let asked = wanted.version, asked != upstream { throw Self.unavailable(wanted, full) }
        let libraries = try await apt.closure(recipe.packages).filter(ImageRecipe.isLibrary)
        let packages = try await apt.download(libraries.union(recipe.packages).sorted())
        let version = upstream + (kubectl.map { "+kubectl\($0.version)" } ?? "")
        let image = archive(wanted, version, entrypoint: recipe.entrypoint, command: recipe.command)
        return try await pack(wanted, version, image, origin: "debian: \(recipe.packages[0])=\(full)") { root in
            try await root.assemble(packages)
            for (name, text) in recipe.files { try root.add(name, text) }
            if let kubectl { try root.addProgram("usr/bin/kubectl", from: kubectl.path(of: .kubectl)) }
        }
    }

    private func archive(
        _ wanted: FamilyRequest,
        _ version: String,
        entrypoint: [String],
        command: [String] = []
    ) -> ImageArchive {
        ImageArchive(
            reference: ImageReference.of(wanted.family, version: version),
            architecture: wanted.architecture,
            entrypoint: entrypoint,
            command: command
        )
    }

    /// Fills a fresh root, packs it, and gives the archive its name when it is complete.
    private func pack(
        _ wanted: FamilyRequest,
        _ version: String,
        _ image: ImageArchive,
        origin: String,
        _ fill: (ImageRoot) async throws -> Void
    ) async throws -> ProducedFiles {
        let files = produced(wanted, version)
        let scratch = cache.build("image-\(wanted.family.rawValue)-\(wanted.architecture.rawValue)")
        try await offloaded {
            Files.remove(scratch)
            try Files.createDirectory(scratch.appending("root"))
            try Files.createDirectory(files.directory)
        }
        try await fill(ImageRoot(path: scratch.appending("root")))
        let finished = scratch.appending("image.tar")
        try await image.write(root: scratch.appending("root"), scratch: scratch, to: finished)
        for id in wanted.members {
            try ProducedFiles.note([id: origin], in: files.directory)
            try Files.move(finished, to: files.path(of: id))
        }
        try await offloaded { Files.remove(scratch) }
        return files
    }

    /// A dnsmasq image holds a kubectl, which must be of the cluster's version.
    private func hasRightKubectl(_ wanted: FamilyRequest, _ version: String) -> Bool {
        guard wanted.family == .dnsmasq, let kubernetes = wanted.versions[.kubernetes] else { return true }
        return version.hasSuffix("+kubectl\(kubernetes)")
    }

    private func produced(_ wanted: FamilyRequest, _ version: String) -> ProducedFiles {
        ProducedFiles(
            directory: cache.directory(source, wanted.family, version, wanted.architecture),
            family: wanted.family,
            version: version,
            architecture: wanted.architecture
        )
    }

    private static func foreign(_ wanted: FamilyRequest) -> ArtifactError {
        ArtifactError(
            .unsupported,
            subject: wanted.subject,
            attempted: "make the image of Debian packages",
            reason: "this machine's packages are \(Architecture.current.rawValue)",
            remedy: "make it on a machine of that architecture and carry it over as a bundle"
        )
    }

    private static func unavailable(_ wanted: FamilyRequest, _ found: String) -> ArtifactError {
        ArtifactError(
            .versionUnavailable,
            subject: wanted.subject,
            attempted: "make the image",
            reason: "only \(found) can be made here",
            remedy:
                "write \(ImageReference.of(wanted.family, version: DebianVersion.upstream(found))) under images in the inventory"
        )
    }
}
