import Templates

/// A program whose version the inventory, or the package that is sent, chooses.
package enum VersionedComponent: String, Sendable, Hashable, CaseIterable, Comparable {
    case etcd
    case kubeAPIServer = "kube-apiserver"
    case kubeControllerManager = "kube-controller-manager"
    case kubeScheduler = "kube-scheduler"
    case haproxy
    case containerd
    case docker
    case runc
    case cniPlugins = "cni-plugins"
    case kubelet
    case kubeProxy = "kube-proxy"

    package static let controlPlane: [Self] = [.kubeAPIServer, .kubeControllerManager, .kubeScheduler]
    /// What pods run on: they leave a node before one of these changes there.
    package static let underPods: Set<Self> = [.kubelet, .containerd, .docker, .runc, .cniPlugins]

    package var isKubernetes: Bool { Self.controlPlane.contains(self) || self == .kubelet || self == .kubeProxy }

    /// Whether the inventory may leave a package's revision open.
    package var isPackaged: Bool { !isKubernetes && self != .etcd }

    /// The role whose hosts run it.
    package var role: Role {
        switch self {
        case .etcd: .etcd
        case .kubeAPIServer, .kubeControllerManager, .kubeScheduler: .controller
        case .haproxy: .loadBalancer
        case .containerd, .docker, .runc, .cniPlugins, .kubelet, .kubeProxy: .worker
        }
    }

    /// Whether hosts with this runtime run it as the cluster's own; under docker, containerd and runc are docker's.
    package func belongs(to runtime: RuntimeSpec.Kind) -> Bool {
        switch self {
        case .containerd, .runc: runtime == .containerd
        case .docker: runtime == .docker
        default: true
        }
    }

    /// The ids of what is sent to a host for it.
    package var resources: [String] {
        let paths = HostPaths.standard
        let names =
            switch self {
            case .containerd: ["containerd", "containerd-shim-runc-v2"]
            case .cniPlugins, .haproxy, .docker: [String]()
            default: [rawValue]
            }
        let plugins =
            self == .cniPlugins
            ? ["bridge", "host-local", "loopback", "portmap"].map { "\(paths.cniBinDirectory)/\($0)" } : []
        return (names.map(paths.binary) + plugins).map(BinaryResource.id)
            + ([.haproxy, .docker].contains(self) ? ["package:\(rawValue)"] : [])
    }

    /// What the inventory wants; `nil` where it leaves the choice to the newest package.
    package func wanted(_ versions: ComponentVersions) -> String? {
        switch self {
        case .etcd: versions.etcd
        case .containerd: versions.containerd
        case .runc: versions.runc
        case .cniPlugins: versions.cniPlugins
        case .haproxy: versions.haproxy
        case .docker: nil
        default: versions.kubernetes.description
        }
    }

    /// Whether what runs is what is wanted; dockerd does not say its package's revision.
    func isOf(_ release: ComponentRelease, _ wanted: String) -> Bool {
        release.matches(wanted) || self == .docker && ComponentRelease(wanted).matches(release.text)
    }

    package static func < (left: Self, right: Self) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
}
