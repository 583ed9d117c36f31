/// Names of the images made here; a registry by this name does not exist, so nothing can be pulled by accident.
package enum ImageReference {
    /// `provision.local/<family>:<version>`; details after a `+` in the version are not part of the tag.
    package static func of(_ family: ArtifactFamily, version: String) -> String {
        let tag = version.split(separator: "+").first.map(String.init) ?? version
        return "provision.local/\(family.rawValue):\(tag)"
    }
}
