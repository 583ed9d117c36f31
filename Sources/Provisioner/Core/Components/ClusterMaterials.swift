package import Templates

/// What a plan needs beside the spec: credentials and the files that will be sent.
package struct ClusterMaterials: Sendable {
    /// A certificate and its key, PEM.
    package struct KeyPair: Sendable {
        package var certificate: [UInt8]
        package var key: Secret<[UInt8]>

        package init(certificate: [UInt8], key: Secret<[UInt8]>) {
            self.certificate = certificate
            self.key = key
        }
    }

    /// A key and its name in the API servers' configuration, which etcd holds beside each value.
    package struct EncryptionKey: Sendable {
        package var name: String
        package var bytes: Secret<[UInt8]>

        package init(generation: Int, bytes: Secret<[UInt8]>) {
            name = "key\(generation)"
            self.bytes = bytes
        }
    }

    package var clusterID: String
    /// Certificate bundles by authority name, PEM.
    package var authorities: [String: [UInt8]]
    /// By certificate identifier, for example `apiserver@controller-0`.
    package var leaves: [String: KeyPair]
    package var serviceAccountKey: Secret<[UInt8]>
    /// One PEM block for each key whose tokens are accepted.
    package var serviceAccountPublicKey: [UInt8]
    /// Keys for encryption at rest, 32 random bytes each: the first encrypts, all decrypt.
    package var encryptionKeys: [EncryptionKey]
    /// Binaries and archives by name (`kube-apiserver`, `bridge`, `pause`), then by machine name (`x86_64`).
    package var uploads: [String: [String: Action.Upload]]
    /// Debian packages by name (`haproxy`), each a list of files to install together.
    package var packages: [String: [Action.Upload]]
    /// Contents of files that the inventory names (static tokens, ABAC policy), by their path there.
    package var namedFiles: [String: [UInt8]]
    /// What hosts are told of a rotation in progress.
    package var rotation: RotationMark

    package init(
        clusterID: String,
        authorities: [String: [UInt8]],
        leaves: [String: KeyPair],
        serviceAccountKey: Secret<[UInt8]>,
        serviceAccountPublicKey: [UInt8],
        encryptionKeys: [EncryptionKey],
        uploads: [String: [String: Action.Upload]],
        packages: [String: [Action.Upload]],
        namedFiles: [String: [UInt8]],
        rotation: RotationMark = RotationMark()
    ) {
        self.clusterID = clusterID
        self.authorities = authorities
        self.leaves = leaves
        self.serviceAccountKey = serviceAccountKey
        self.serviceAccountPublicKey = serviceAccountPublicKey
        self.encryptionKeys = encryptionKeys
        self.uploads = uploads
        self.packages = packages
        self.namedFiles = namedFiles
        self.rotation = rotation
    }
}
