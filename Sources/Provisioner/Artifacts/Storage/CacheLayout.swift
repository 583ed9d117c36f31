import Crypto
package import SystemPackage

/// Where things lie below the cache root; moving anything here makes finished builds invisible.
package struct CacheLayout: Sendable, Hashable {
    package let root: FilePath

    package init(root: FilePath) {
        self.root = root
    }

    /// The root chosen by `PROVISION_CACHE`, else `XDG_CACHE_HOME/provision`, else `~/.cache/provision`.
    package init(environment: [String: String]) {
        if let root = environment["PROVISION_CACHE"], !root.isEmpty {
            self.init(root: FilePath(root))
        } else if let base = environment["XDG_CACHE_HOME"], base.hasPrefix("/") {
            self.init(root: FilePath(base).appending("provision"))
        } else {
            self.init(root: FilePath(environment["HOME"] ?? "/root").appending(".cache/provision"))
        }
    }

    /// Finished files of one family: `artifacts/<source>/<family>-<version>-<architecture>`.
    package func directory(
        _ source: ArtifactSource,
        _ family: ArtifactFamily,
        _ version: String,
        _ architecture: Architecture
    ) -> FilePath {
        root.appending("artifacts").appending(Self.folder(of: source))
            .appending("\(family.rawValue)-\(version)-\(architecture.rawValue)")
    }

    /// Scratch space that may be deleted at any time, at the price of building again.
    package func build(_ name: String) -> FilePath {
        root.appending("build").appending(name)
    }

    package var hashes: FilePath { root.appending("artifacts/hashes.json") }

    /// Mirrors are kept apart from each other, so that one cannot serve files in another's name.
    private static func folder(of source: ArtifactSource) -> String {
        switch source {
        case .upstream: "upstream"
        case .debian: "debian"
        case .mirror(let base): "mirror-\(FileHasher.hex(SHA256.hash(data: Array(base.utf8))).prefix(12))"
        case .directory(let path):
            "directory-\(FileHasher.hex(SHA256.hash(data: Array(path.string.utf8))).prefix(12))"
        }
    }
}
