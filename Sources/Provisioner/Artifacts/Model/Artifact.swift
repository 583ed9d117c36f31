package import SystemPackage

/// A verified file (or set of Debian packages) on this machine, ready to be copied to a host.
package struct Artifact: Sendable, Hashable {
    /// What the file is and how a host takes it.
    package enum Kind: Sendable, Hashable {
        /// An executable, installed under this name.
        case binary(installName: String)
        /// Debian packages for one `dpkg -i` call; `path` is the directory that holds them.
        case debianPackages([ArtifactFile])
        /// An OCI archive for `ctr -n k8s.io images import`, giving this reference.
        case image(reference: String)
    }

    package let id: ArtifactID
    package let version: String
    package let architecture: Architecture
    package let kind: Kind
    /// The file; for Debian packages their directory.
    package let path: FilePath
    /// Bytes; for Debian packages the sum.
    package let size: Int64
    /// Lower-case hexadecimal SHA-256; for Debian packages the hash of their `sha256sum` listing.
    package let sha256: String
    /// Where it came from: a URL, `debian: package=version`, or a bundle's manifest.
    package let origin: String

    package init(
        id: ArtifactID,
        version: String,
        architecture: Architecture,
        kind: Kind,
        path: FilePath,
        size: Int64,
        sha256: String,
        origin: String
    ) {
        self.id = id
        self.version = version
        self.architecture = architecture
        self.kind = kind
        self.path = path
        self.size = size
        self.sha256 = sha256
        self.origin = origin
    }

    /// Every single file, so that callers can upload and check them alike.
    package var files: [ArtifactFile] {
        switch kind {
        case .debianPackages(let packages): packages
        case .binary, .image: [ArtifactFile(path: path, size: size, sha256: sha256)]
        }
    }
}

/// One file with its size in bytes and lower-case hexadecimal SHA-256.
package struct ArtifactFile: Sendable, Hashable {
    package let path: FilePath
    package let size: Int64
    package let sha256: String

    package init(path: FilePath, size: Int64, sha256: String) {
        self.path = path
        self.size = size
        self.sha256 = sha256
    }

    package var name: String { path.lastComponent?.string ?? path.string }
}
