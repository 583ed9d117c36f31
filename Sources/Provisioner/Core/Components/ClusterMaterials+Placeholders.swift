import Templates

extension ClusterMaterials {
    /// Materials without content, for who asks what is put where and how it is called; hosts never get them.
    package static func placeholders(of spec: ClusterSpec) -> ClusterMaterials {
        let empty = KeyPair(certificate: [], key: Secret([]))
        let names = CertificateCatalog.certificates(of: spec).map(\.identifier)
        return ClusterMaterials(
            clusterID: "00000000-0000-4000-8000-000000000000",
            authorities: [:],
            leaves: Dictionary(names.map { ($0, empty) }) { first, _ in first },
            serviceAccountKey: Secret([]),
            serviceAccountPublicKey: [],
            encryptionKeys: [],
            uploads: [:],
            packages: [:],
            namedFiles: [:]
        )
    }
}
