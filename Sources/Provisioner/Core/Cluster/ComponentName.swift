/// The components whose flags and configuration fields an inventory can extend.
package enum ComponentName: String, Sendable, Hashable, CaseIterable {
    case etcd
    case kubeAPIServer = "kube-apiserver"
    case kubeControllerManager = "kube-controller-manager"
    case kubeScheduler = "kube-scheduler"
    case kubelet
    case kubeProxy = "kube-proxy"
    case containerd
    case haproxy

    /// The role whose hosts run it.
    package var role: Role {
        switch self {
        case .etcd: .etcd
        case .kubeAPIServer, .kubeControllerManager, .kubeScheduler: .controller
        case .kubelet, .kubeProxy, .containerd: .worker
        case .haproxy: .loadBalancer
        }
    }

    /// Whether `extraFlags` has a place: the command line of its unit is made of flags.
    package var hasFlags: Bool {
        switch self {
        case .etcd, .kubeAPIServer, .kubeControllerManager, .kubeScheduler, .kubelet, .kubeProxy: true
        case .containerd, .haproxy: false
        }
    }

    /// Whether `extraConfiguration` has a place: a configuration file of named fields is made for it.
    package var hasFields: Bool {
        switch self {
        case .kubeScheduler, .kubelet, .kubeProxy, .containerd: true
        case .etcd, .kubeAPIServer, .kubeControllerManager, .haproxy: false
        }
    }
}
