/// One file to download, with the place of its published checksum and what is taken out of it.
struct Download: Sendable, Hashable {
    let url: String
    /// A file that holds the SHA-256, alone or in `sha256sum` form.
    let checksumURL: String
    /// Path inside the archive per artifact; empty when the file itself is the artifact.
    let members: [ArtifactID: String]
    /// The artifacts that come out of this download.
    let artifacts: [ArtifactID]

    var name: String { url.split(separator: "/").last.map(String.init) ?? url }
}
