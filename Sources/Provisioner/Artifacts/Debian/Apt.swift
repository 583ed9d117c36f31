import Glibc
import SystemPackage

/// Package downloads by this machine's apt with private lists and an empty package database.
///
/// All state lies below `root`, so neither root rights nor fresh lists of the machine are needed, and its
/// installed packages do not change what is resolved.
struct Apt: Sendable {
    let root: FilePath
    /// `deb` for binary packages, `deb-src` for source packages.
    let type: String

    init(root: FilePath, type: String = "deb") {
        self.root = root
        self.type = type
    }

    /// Prepares directories and sources, and reads the package lists unless they are younger than `maximumAge` seconds.
    func prepare(maximumAge: Int = 6 * 3600, progress: ArtifactProgressHandler) async throws {
        guard await Command.exists("apt-get") else { throw Self.noApt }
        let sources = AptSources.derived(type: type, codename: try DebianRelease.current().codename)
        guard !sources.isEmpty else { throw Self.noSources }
        for name in ["lists/partial", "archives/partial", "sources.d", "debs"] {
            try Files.createDirectory(root.appending(name))
        }
        var changed = false
        for name in Files.names(in: root.appending("sources.d")) where sources[name] == nil {
            Files.remove(root.appending("sources.d/\(name)"))
            changed = true
        }
        for (name, text) in sources {
            let path = root.appending("sources.d/\(name)")
            guard (try? Files.text(path)) != text else { continue }
            try Files.write(Array(text.utf8), to: path)
            changed = true
        }
        guard changed || age(of: stamp) > maximumAge else { return }
        let started = ContinuousClock.now
        progress(.started(subject: "apt package lists"))
        try await command("apt-get", ["update", "-q"]).follow { _ in }
        try Files.write([], to: stamp)
        let seconds = started.duration(to: .now).seconds
        progress(.finished(subject: "apt package lists", seconds: seconds, cached: false))
    }

    /// The version apt would install.
    func candidate(_ package: String) async throws -> String {
        let text = try await command("apt-cache", ["show", "--no-all-versions", package]).output()
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Version: ") })
        else { throw Self.unknown(package) }
        return String(line.dropFirst("Version: ".count))
    }

    /// Every version that the sources have.
    func versions(_ package: String) async throws -> [String] {
        try await command("apt-cache", ["madison", package]).output().split(separator: "\n").compactMap { line in
            let columns = line.split(separator: "|").map { $0.filter { !$0.isWhitespace } }
            return columns.count > 1 ? columns[1] : nil
        }
    }

    /// `haproxy=2.6.12-1+deb12u4` → `haproxy`.
    static func name(_ package: String) -> String { String(package.prefix { $0 != "=" }) }

    /// Downloads packages, each by its name or as `NAME=VERSION` (apt checks their hashes) and gives their files in the order asked for.
    func download(_ packages: [String]) async throws -> [FilePath] {
        let directory = root.appending("debs")
        let records = try await command("apt-cache", ["show", "--no-all-versions"] + packages).output()
        let names = Self.fileNames(records)
        try await command("apt-get", ["download", "-q"] + packages, in: directory).follow { _ in }
        let files = names.map { directory.appending($0) }
        guard files.count == Set(packages).count, files.allSatisfy(Files.isFile) else {
            throw Self.unknown(packages.joined(separator: " "))
        }
        return files
    }

    /// Everything that installing `packages` brings to a machine without any package, recommendations left out.
    func closure(_ packages: [String]) async throws -> Set<String> {
        let arguments = ["install", "--simulate", "--no-install-recommends"] + packages
        let text = try await command("apt-get", arguments).output()
        return Set(text.split(separator: "\n").compactMap(Self.installedName))
    }

    func command(_ program: String, _ arguments: [String], in directory: FilePath? = nil) -> Command {
        let options = [
            "Dir::Etc::sourcelist=/dev/null", "Dir::Etc::sourceparts=\(root)/sources.d",
            "Dir::State::lists=\(root)/lists", "Dir::State::status=/dev/null",
            "Dir::State::extended_states=\(root)/extended_states", "Dir::Cache=\(root)",
            "Dir::Cache::archives=\(root)/archives", "APT::Sandbox::User=", "Debug::NoLocking=true",
            "Acquire::Retries=3",
        ]
        return Command(program, options.flatMap { ["-o", $0] } + arguments, in: directory)
    }

    /// The names that `apt-get download` gives to files: `Package_Version_Architecture.deb`, the epoch's colon escaped.
    static func fileNames(_ records: String) -> [String] {
        let lines = records.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.split(separator: "").compactMap { record in
            func field(_ name: String) -> Substring? {
                record.first { $0.hasPrefix("\(name): ") }?.dropFirst(name.count + 2)
            }
            guard let package = field("Package"), let version = field("Version"), let arch = field("Architecture")
            else { return nil }
            return "\(package)_\(version.split(separator: ":").joined(separator: "%3a"))_\(arch).deb"
        }
    }

    /// `Inst libc6 (2.36-9 Debian:12/stable [amd64])` → `libc6`.
    static func installedName(_ line: Substring) -> String? {
        let words = line.split(separator: " ")
        guard words.count > 2, words[0] == "Inst" else { return nil }
        return words[1].split(separator: ":").first.map(String.init)
    }

    private var stamp: FilePath { root.appending("lists/.updated") }

    private func age(of path: FilePath) -> Int {
        guard let identity = FileIdentity(path) else { return .max }
        return Int(time(nil)) - Int(identity.modified / 1_000_000_000)
    }

    private static func unknown(_ package: String) -> ArtifactError {
        ArtifactError(
            .notFound,
            subject: package,
            attempted: "find it in the Debian sources",
            reason: "apt has no such package",
            remedy: "check that the machine's apt sources name the whole release (main)"
        )
    }

    private static let noApt = ArtifactError(
        .toolMissing,
        subject: "apt-get",
        attempted: "use Debian packages",
        reason: "the program is not in PATH",
        remedy: "choose artifacts.source upstream, mirror or directory, or run on Debian"
    )

    private static let noSources = ArtifactError(
        .unsupported,
        subject: "/etc/apt",
        attempted: "derive private package sources",
        reason: "no enabled source names this Debian release",
        remedy: "add the release to /etc/apt/sources.list.d"
    )
}
