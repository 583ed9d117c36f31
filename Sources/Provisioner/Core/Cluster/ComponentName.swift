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
}
