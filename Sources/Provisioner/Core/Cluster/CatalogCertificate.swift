package import Templates

/// One certificate of a cluster as pure data: what it says, where it lies and who reads it.
package struct CatalogCertificate: Sendable, Equatable {
    /// The authorities, by the names of the credential store.
    package enum Authority: String, Sendable, CaseIterable {
        case kubernetes = "kubernetes-ca"
        case etcd = "etcd-ca"
        case frontProxy = "front-proxy-ca"
    }

    /// Extended key usages.
    package enum Usage: String, Sendable, CaseIterable, Comparable {
        case serverAuth, clientAuth

        package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// What is certified; a change of any field means a new certificate.
    package struct Subject: Sendable, Equatable {
        package var issuer: Authority
        package var commonName: String
        /// Kubernetes groups.
        package var organizations: [String] = []
        package var usages: Set<Usage>
        /// Subject alternative names, without duplicates.
        package var dnsNames: [String] = []
        package var addresses: [IPv4Address] = []
        /// Seconds.
        package var lifetime: Int64
    }

    /// Stable name of the profile: `apiserver@controller-0`, or `admin`.
    package var identifier: String
    package var subject: Subject
    /// The inventory's name of the host; `nil` stays on the operator's machine.
    package var host: String?
    /// Absolute on the host; relative to the credential store without a host.
    ///
    /// Equal to `keyPath` for one joint PEM file.
    package var certificatePath: String
    package var keyPath: String
    /// Of both files.
    package var owner: String
    package var group: String
    package var certificateMode: UInt16
    package var keyMode: UInt16
    /// systemd units that read it.
    package var consumers: [String]
    /// What it is for, in words.
    package var reason: String
}
