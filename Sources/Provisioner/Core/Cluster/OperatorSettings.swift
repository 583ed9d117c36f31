/// Keys, lifetimes and the place of the credential store.
package struct PKISpec: Sendable, Equatable {
    package enum KeyAlgorithm: Sendable, Equatable {
        case ecdsaP256
        case rsa(bits: Int)
    }

    /// Where the secret lies that encrypts the authorities' keys.
    package enum KeySecret: Sendable, Equatable {
        case none
        /// A passphrase, asked once at the terminal.
        case ask
        /// A passphrase, the first line of a local file.
        case firstLine(path: String)
        /// A key, the whole of a local file.
        case file(path: String)
    }

    package var keyAlgorithm: KeyAlgorithm
    /// Seconds.
    package var authorityLifetime: Int64
    package var leafLifetime: Int64
    package var adminLifetime: Int64
    /// Seconds of single authorities and of leaves by their role (`apiserver`), where they differ from the three above.
    package var lifetimes: [String: Int64] = [:]
    /// Absolute path of the credential store's directory.
    package var directory: String
    package var keySecret: KeySecret
    /// Authorities brought by the user: name (`kubernetes-ca`, `etcd-ca`, `front-proxy-ca`) to certificate and key.
    package var broughtAuthorities: [String: BroughtAuthority]

    /// An authority made elsewhere; without the key, requests go out and certificates come in.
    package struct BroughtAuthority: Sendable, Equatable {
        package var certificateFile: String
        package var keyFile: String?

        package init(certificateFile: String, keyFile: String?) {
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }
    }

    package init(
        keyAlgorithm: KeyAlgorithm,
        authorityLifetime: Int64,
        leafLifetime: Int64,
        adminLifetime: Int64,
        directory: String,
        keySecret: KeySecret,
        broughtAuthorities: [String: BroughtAuthority]
    ) {
        self.keyAlgorithm = keyAlgorithm
        self.authorityLifetime = authorityLifetime
        self.leafLifetime = leafLifetime
        self.adminLifetime = adminLifetime
        self.directory = directory
        self.keySecret = keySecret
        self.broughtAuthorities = broughtAuthorities
    }

    /// How long an authority lives, seconds.
    package func lifetime(of authority: CatalogCertificate.Authority) -> Int64 {
        lifetimes[authority.rawValue] ?? authorityLifetime
    }

    /// How long a leaf of a role lives, seconds.
    package func lifetime(ofLeaf role: String) -> Int64 {
        lifetimes[role] ?? (role == "admin" ? adminLifetime : leafLifetime)
    }

    /// The roles of leaves, as the catalog names them.
    package static let leafRoles = [
        "admin", "apiserver", "apiserver-etcd-client", "apiserver-kubelet-client", "controller-manager",
        "controller-manager-serving", "etcd-healthcheck", "etcd-peer", "etcd-server", "front-proxy-client",
        "haproxy-check", "kube-proxy", "kubelet-client", "kubelet-serving", "scheduler", "scheduler-serving",
    ]
}

/// Where binaries and images come from.
package struct ArtifactSpec: Sendable, Equatable {
    package enum Source: Sendable, Equatable {
        case upstream
        case mirror(baseURL: String)
        case directory(path: String)
        case debian
    }

    package var source: Source
    /// Absolute path of provision.lock.
    package var lockFile: String

    package init(source: Source, lockFile: String) {
        self.source = source
        self.lockFile = lockFile
    }
}

/// Image references that the cluster's own pods use.
package struct ImageSpec: Sendable, Equatable {
    package var pause: String
    package var dns: String
    package var smokeTest: String
    /// Whether archives of these images are imported on every worker, so that nothing is ever pulled.
    package var preload: Bool

    package init(pause: String, dns: String, smokeTest: String, preload: Bool) {
        self.pause = pause
        self.dns = dns
        self.smokeTest = smokeTest
        self.preload = preload
    }
}

/// The embedded lab, when the inventory's hosts are its machines.
package struct LabSpec: Sendable, Equatable {
    package var name: String
    /// The lab's own network, for example `192.168.2.0/24`.
    package var subnet: String

    package init(name: String, subnet: String) {
        self.name = name
        self.subnet = subnet
    }
}

/// How much may happen at once.
package struct ConcurrencySpec: Sendable, Equatable {
    package var hosts: Int
    /// Sessions through one jump host (sshd's MaxStartups drops connections at random beyond ten).
    package var perJumpHost: Int
    package var uploads: Int
    /// Whether hosts take large files from each other, so that each file passes the operator's uplink once.
    package var relay: Bool

    package init(hosts: Int, perJumpHost: Int, uploads: Int, relay: Bool = false) {
        self.hosts = hosts
        self.perJumpHost = perJumpHost
        self.uploads = uploads
        self.relay = relay
    }
}
