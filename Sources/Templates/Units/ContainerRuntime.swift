/// What runs the containers.
package enum ContainerRuntime: String, Sendable, Hashable, CaseIterable {
    case containerd
    /// Only before Kubernetes 1.24.
    case docker

    package var serviceName: String { "\(rawValue).service" }
}
