/// From which Kubernetes version to which each flag of each component exists.
package struct FlagTable: Sendable {
    package enum Component: String, Sendable, Hashable, CaseIterable {
        case etcd
        case kubeAPIServer = "kube-apiserver"
        case kubeControllerManager = "kube-controller-manager"
        case kubeScheduler = "kube-scheduler"
        case kubelet
        case kubeProxy = "kube-proxy"
    }

    /// Minor versions of Kubernetes 1; `nil` is open.
    package struct Range: Sendable, Hashable {
        package var first: Int?
        package var last: Int?

        package func contains(_ version: KubernetesVersion) -> Bool {
            version.minor >= first ?? 0 && version.minor <= last ?? .max
        }
    }

    package let component: Component
    private let ranges: [String: Range]

    private init(component: Component, text: String) {
        self.component = component
        let rows = text.split(separator: "\n").map { line -> (String, Range) in
            let parts = line.split(separator: " ")
            guard parts.count == 2 else { return (String(line), Range(first: nil, last: nil)) }
            return (String(parts[0]), Range(parts[1]))
        }
        ranges = Dictionary(rows) { first, _ in first }
    }

    private static let tables: [Component: FlagTable] = Dictionary(
        uniqueKeysWithValues: Component.allCases.map { ($0, FlagTable(component: $0, text: names(of: $0))) }
    )

    private static func names(of component: Component) -> String {
        switch component {
        case .etcd: EtcdFlagNames.table
        case .kubeAPIServer: KubeAPIServerFlagNames.table
        case .kubeControllerManager: KubeControllerManagerFlagNames.table
        case .kubeScheduler: KubeSchedulerFlagNames.table
        case .kubelet: KubeletFlagNames.table
        case .kubeProxy: KubeProxyFlagNames.table
        }
    }

    /// The table of a component.
    package static func of(_ component: Component) -> FlagTable {
        tables[component] ?? FlagTable(component: component, text: "")
    }

    /// Where a flag exists, `nil` for one never heard of.
    package func range(of flag: String) -> Range? { ranges[flag] }

    package func has(_ flag: String, in version: KubernetesVersion) -> Bool {
        range(of: flag)?.contains(version) ?? false
    }

    /// The flags of a version, sorted.
    package func names(in version: KubernetesVersion) -> [String] {
        ranges.filter { $0.value.contains(version) }.keys.sorted()
    }

    /// The flag of that version which is spelt most like a name, `nil` when none is close.
    package func nearest(to name: String, in version: KubernetesVersion) -> String? {
        EditDistance.nearest(to: name, among: names(in: version))
    }
}

extension FlagTable.Range {
    /// Reads `FIRST-LAST`, where either may be missing.
    init(_ text: Substring) {
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false)
        self.init(first: bounds.first.flatMap { Int($0) }, last: bounds.last.flatMap { Int($0) })
    }
}
