/// Which versions go together.
package enum SupportMatrix {
    /// Minor releases of Kubernetes 1 that this tool renders configuration for.
    package static let minors = 20...37

    /// Minor releases of etcd 3 for a Kubernetes minor release.
    ///
    /// Source: the etcd that each Kubernetes release was tested with, and one release to either side where etcd
    /// supports it. Judgement, not measured, except 1.20 with 3.4.
    package static func etcdMinors(kubernetes minor: Int) -> ClosedRange<Int> {
        switch minor {
        case ..<28: 4...5
        case 28..<31: 5...5
        default: 5...6
        }
    }

    /// The containerd releases (major, minor) which speak a CRI version that the kubelet speaks.
    ///
    /// The kubelet speaks CRI v1alpha2 until 1.25 and v1 from 1.23; containerd speaks v1alpha2 until 1.7 and v1 from 1.6.
    /// Kubernetes 1.35 is the last release that supports containerd 1.
    package static func containerdIsSupported(_ version: String, kubernetes minor: Int) -> Bool {
        guard let pair = majorMinor(version) else { return false }
        if minor < 23 { return pair.0 == 1 && pair.1 >= 4 }
        if minor < 26 { return (pair.0 == 1 && pair.1 >= 4) || pair.0 == 2 }
        return (pair.0 == 1 && pair.1 >= 6 && minor < 36) || pair.0 == 2
    }

    package static func containerdText(kubernetes minor: Int) -> String {
        minor < 23 ? "1.4 to 1.7" : minor < 26 ? "1.4 or newer" : minor < 36 ? "1.6 or newer" : "2.0 or newer"
    }

    /// The oldest runc that a containerd release was tested with, where that is known; older ones are advised against.
    ///
    /// Source: `script/setup/runc-version` in containerd's release branches, and its docs/RUNC.md.
    package static func oldestRunc(containerd version: String) -> (Int, Int)? {
        guard let pair = majorMinor(version), pair >= (1, 6) else { return nil }
        return (1, 1)
    }

    /// The oldest CNI plugins that know version 0.4.0 of the CNI specification, in which the nodes' network is written.
    package static let oldestCNIPlugins = (0, 8)

    package static func majorMinor(_ version: String) -> (Int, Int)? {
        let numbers = version.split(separator: ".").prefix(2).compactMap { Int($0) }
        return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
    }
}
