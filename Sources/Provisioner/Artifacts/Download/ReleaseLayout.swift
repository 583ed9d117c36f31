/// The URL layout of the projects' release pages, or of a mirror that copies it below a base URL.
///
/// Kubernetes: `dl.k8s.io/v<version>/bin/linux/<arch>/<name>` with `<name>.sha256`; all others are GitHub releases.
struct ReleaseLayout: Sendable {
    /// What stands before `dl.k8s.io/` and `github.com/`, ending in a slash.
    private let prefix: String

    init(source: ArtifactSource) {
        prefix =
            switch source {
            case .mirror(let base): base.hasSuffix("/") ? base : base + "/"
            default: "https://"
            }
    }

    /// The downloads that give `members` of one family; nothing if the project publishes no such files.
    func downloads(
        _ family: ArtifactFamily,
        _ members: [ArtifactID],
        version: String,
        architecture: Architecture
    ) -> [Download]? {
        let arch = architecture.rawValue
        switch family {
        case .kubernetes:
            return members.map { kubernetes($0, version, arch) }
        case .etcd:
            let name = "etcd-v\(version)-linux-\(arch)"
            return [archive("etcd-io/etcd", version, "\(name).tar.gz", sums: "SHA256SUMS", members, inside: "\(name)/")]
        case .containerd:
            let name = "containerd-\(version)-linux-\(arch).tar.gz"
            return [archive("containerd/containerd", version, name, sums: "\(name).sha256sum", members, inside: "bin/")]
        case .runc:
            return [archive("opencontainers/runc", version, "runc.\(arch)", sums: "runc.sha256sum", members)]
        case .cni:
            let name = "cni-plugins-linux-\(arch)-v\(version).tgz"
            return [
                archive("containernetworking/plugins", version, name, sums: "\(name).sha256", members, inside: "")
            ]
        case .crictl:
            let name = "crictl-v\(version)-linux-\(arch).tar.gz"
            return [archive("kubernetes-sigs/cri-tools", version, name, sums: "\(name).sha256", members, inside: "")]
        case .coredns:
            let name = "coredns_\(version)_linux_\(arch).tgz"
            return [archive("coredns/coredns", version, name, sums: "\(name).sha256", members, inside: "")]
        case .docker, .haproxy, .keepalived, .pause, .nginx, .dnsmasq:
            return nil
        }
    }

    private func kubernetes(_ id: ArtifactID, _ version: String, _ arch: String) -> Download {
        let url = "\(prefix)dl.k8s.io/v\(version)/bin/linux/\(arch)/\(id.rawValue)"
        return Download(url: url, checksumURL: "\(url).sha256", members: [:], artifacts: [id])
    }

    /// `inside` is the folder within the archive; without it the file is the program itself.
    private func archive(
        _ repository: String,
        _ version: String,
        _ name: String,
        sums: String,
        _ members: [ArtifactID],
        inside: String? = nil
    ) -> Download {
        let folder = "\(prefix)github.com/\(repository)/releases/download/v\(version)"
        let paths = inside.map { inside in
            Dictionary(uniqueKeysWithValues: members.map { ($0, inside + Self.program(of: $0)) })
        }
        return Download(
            url: "\(folder)/\(name)",
            checksumURL: "\(folder)/\(sums)",
            members: paths ?? [:],
            artifacts: members
        )
    }

    private static func program(of id: ArtifactID) -> String {
        id == .corednsImage ? "coredns" : id.installName
    }
}
