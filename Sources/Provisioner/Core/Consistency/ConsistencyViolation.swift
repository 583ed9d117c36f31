/// Two places of a plan that cannot both be right, or a place that names what nothing provides.
package struct ConsistencyViolation: Sendable, Hashable, CustomStringConvertible {
    /// Stable names of the checks.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        case fileUnreadable = "file.unreadable"
        case apiServerNames = "apiserver.names"
        case serviceCIDR = "network.service-cidr"
        case podCIDR = "network.pod-cidr"
        case clusterDNS = "network.cluster-dns"
        case clusterDomain = "network.cluster-domain"
        case clusterDNSOutside = "network.dns-outside"
        case nodeIdentity = "node.identity"
        case kubeconfigUser = "kubeconfig.user"
        case loadBalancerBackends = "loadbalancer.backends"
        case etcdCluster = "etcd.initial-cluster"
        case etcdServers = "etcd.servers"
        case etcdNames = "etcd.names"
        case trust = "trust.issuer"
        case pathMissing = "path.missing"
        case pathLate = "path.late"
        case pathDenied = "path.denied"
        case pathReadOnly = "path.read-only"
        case userMissing = "unit.user"
        case podNetwork = "pods.network"
        case podNetworkOutside = "pods.outside"
        case podNetworkOverlap = "pods.overlap"
        case routeMissing = "routes.missing"
        case routeWrong = "routes.wrong"
    }

    /// Where something is written: a host and a flag, a field or a file there; no host means the inventory.
    package struct Place: Sendable, Hashable, CustomStringConvertible {
        package var host: String?
        package var item: String

        package init(_ host: String?, _ item: String) {
            self.host = host
            self.item = item
        }

        package var description: String { "\(host ?? "inventory"): \(item)" }
    }

    /// What one place says.
    package struct Finding: Sendable, Hashable {
        package var place: Place
        package var value: String

        package init(_ place: Place, _ value: String?) {
            self.place = place
            self.value = value ?? "nothing"
        }
    }

    package var code: Code
    package var subject: Place
    package var findings: [Finding]
    /// What to do about it, in one line.
    package var remedy: String

    package init(_ code: Code, _ subject: Place, _ findings: [Finding], remedy: String) {
        self.code = code
        self.subject = subject
        self.findings = findings
        self.remedy = remedy
    }

    package var description: String {
        let found = findings.map { "    \($0.place) says \($0.value)\n" }.joined()
        return "× \(subject) [\(code.rawValue)]\n\(found)  try  \(remedy)"
    }
}
