/// Names of the archives that `images.preload` imports: no registry has them, so nothing is pulled by accident.
package enum PreloadedImages {
    package static let pause = reference("pause", "1")
    /// What Debian 12 has, like the next one; on another release fetching the artifacts says what to write instead.
    package static let nginx = reference("nginx", "1.22.1")
    package static let dnsmasq = reference("dnsmasq", "2.90")

    /// The archive is made of the release that `versions.coreDNS` names.
    package static func coreDNS(_ version: String) -> String { reference("coredns", version) }

    /// Details after a `+` in a version are not part of the tag.
    private static func reference(_ program: String, _ version: String) -> String {
        "provision.local/\(program):\(version.prefix { $0 != "+" })"
    }
}
