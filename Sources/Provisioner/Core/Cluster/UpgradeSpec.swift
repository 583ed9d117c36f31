/// How a change of versions goes through the nodes.
package struct UpgradeSpec: Sendable, Equatable {
    /// Nodes that may be out of service at once.
    package var maxUnavailable: MaxUnavailable
    /// Whether pods leave a node before its kubelet, runtime or CNI plugins change.
    package var drains: Bool
    /// Seconds until what blocks a drain is named and the wave stops.
    package var drainSeconds: Int
    /// Whether pods that nothing makes anew are deleted instead of stopping the drain.
    package var deletesUnmanagedPods: Bool
    /// `group/version/resource` of removed APIs whose use does not stop an upgrade.
    package var acceptedRemovals: [String]

    package init(
        maxUnavailable: MaxUnavailable = .percent(10),
        drains: Bool = true,
        drainSeconds: Int = 300,
        deletesUnmanagedPods: Bool = false,
        acceptedRemovals: [String] = []
    ) {
        self.maxUnavailable = maxUnavailable
        self.drains = drains
        self.drainSeconds = drainSeconds
        self.deletesUnmanagedPods = deletesUnmanagedPods
        self.acceptedRemovals = acceptedRemovals
    }
}
