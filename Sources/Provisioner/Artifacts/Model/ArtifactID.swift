/// One thing a host needs, named as the file, package or image is named in the field.
package enum ArtifactID: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    case kubeApiserver = "kube-apiserver"
    case kubeControllerManager = "kube-controller-manager"
    case kubeScheduler = "kube-scheduler"
    case kubelet
    case kubeProxy = "kube-proxy"
    case kubectl
    case etcd
    case etcdctl
    case etcdutl
    case containerd
    case containerdShimRuncV2 = "containerd-shim-runc-v2"
    case ctr
    case runc
    case cniBridge = "cni-bridge"
    case cniHostLocal = "cni-host-local"
    case cniLoopback = "cni-loopback"
    case cniPortmap = "cni-portmap"
    case crictl
    case haproxy
    case keepalived
    case docker
    case pauseImage = "image-pause"
    case nginxImage = "image-nginx"
    case dnsmasqImage = "image-dnsmasq"
    case corednsImage = "image-coredns"

    /// How the artifact reaches a host.
    package enum Shape: Sendable {
        case binary
        case debianPackages
        case image
    }

    package var shape: Shape {
        switch family {
        case .haproxy, .keepalived, .docker: .debianPackages
        case .pause, .nginx, .dnsmasq, .coredns: .image
        default: .binary
        }
    }

    package var family: ArtifactFamily {
        switch self {
        case .kubeApiserver, .kubeControllerManager, .kubeScheduler, .kubelet, .kubeProxy, .kubectl: .kubernetes
        case .etcd, .etcdctl, .etcdutl: .etcd
        case .containerd, .containerdShimRuncV2, .ctr: .containerd
        case .runc: .runc
        case .cniBridge, .cniHostLocal, .cniLoopback, .cniPortmap: .cni
        case .crictl: .crictl
        case .haproxy: .haproxy
        case .keepalived: .keepalived
        case .docker: .docker
        case .pauseImage: .pause
        case .nginxImage: .nginx
        case .dnsmasqImage: .dnsmasq
        case .corednsImage: .coredns
        }
    }

    /// The file name on the host: CNI plugins drop their `cni-` prefix, everything else is called as it is.
    package var installName: String {
        switch self {
        case .cniBridge: "bridge"
        case .cniHostLocal: "host-local"
        case .cniLoopback: "loopback"
        case .cniPortmap: "portmap"
        case .pauseImage, .nginxImage, .dnsmasqImage, .corednsImage: "\(family.rawValue).tar"
        default: rawValue
        }
    }

    package static func members(of family: ArtifactFamily) -> [ArtifactID] {
        allCases.filter { $0.family == family }
    }

    package static func < (left: ArtifactID, right: ArtifactID) -> Bool {
        left.rawValue < right.rawValue
    }
}
