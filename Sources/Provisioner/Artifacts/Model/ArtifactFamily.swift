/// Things released together under one version; the keys of `ArtifactRequest.versions`.
package enum ArtifactFamily: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    case kubernetes
    case etcd
    case containerd
    case runc
    case cni
    case crictl
    case docker
    case haproxy
    case keepalived
    case pause
    case nginx
    case dnsmasq
    case coredns

    package static func < (left: ArtifactFamily, right: ArtifactFamily) -> Bool {
        left.rawValue < right.rawValue
    }
}
