package import PKI
import Templates

/// A file of a host from which a root's generation can be read; no secret of it travels.
package struct TrustFile: Sendable, Hashable {
    /// How it is read; the raw value is the inspection's shell function.
    package enum Form: String, Sendable, Hashable {
        /// Public parts of every generation that is accepted, PEM.
        case bundle
        /// The key that signs, as SHA-256.
        case digest
        /// Names of encryption keys, each with the SHA-256 of its bytes, the one that writes first.
        case names
    }

    package var root: TrustRoot
    package var path: String
    package var form: Form

    package init(_ root: TrustRoot, _ path: String, _ form: Form = .bundle) {
        self.root = root
        self.path = path
        self.form = form
    }

    /// Whether what was read of it says nothing: it is empty, cut off, or not of its kind.
    ///
    /// Damage is drift, which the next apply repairs, and no evidence of a store from another time.
    package func isUnreadable(_ word: String) -> Bool {
        switch form {
        case .digest: return false
        case .names:
            let keys = word.split(separator: ",")
            return keys.isEmpty || keys.contains { !$0.contains("=") }
        case .bundle:
            let text = word.replacing(",", with: "\n").replacing("_", with: " ")
            let begun = text.split(separator: "\n").count { $0.hasPrefix("-----BEGIN") }
            let blocks = PEMBlocks.split(text)
            return blocks.isEmpty || blocks.count != begun || !blocks.allSatisfy(PublicPart.isReadable)
        }
    }

    /// What a host has, by its roles.
    package static func all(of host: HostSpec, in spec: ClusterSpec) -> [TrustFile] {
        let paths = HostPaths.standard
        var files: [TrustFile] = []
        if host.has(.controller) || host.has(.worker) { files.append(TrustFile(.kubernetes, paths.clusterCA)) }
        if host.has(.controller) || host.has(.etcd) { files.append(TrustFile(.etcd, paths.etcdCA)) }
        if host.has(.loadBalancer) { files.append(TrustFile(.kubernetes, paths.haproxyCA)) }
        guard host.has(.controller) else { return files }
        files.append(TrustFile(.frontProxy, paths.frontProxyCA))
        files.append(TrustFile(.serviceAccount, paths.serviceAccountPublicKey))
        files.append(TrustFile(.serviceAccount, paths.serviceAccountPrivateKey, .digest))
        if spec.features.encryption != .none {
            files.append(TrustFile(.encryption, paths.encryptionConfig, .names))
        }
        return files
    }
}
