import Templates

/// Certificates and keys as files on hosts, from the catalog and the credential store.
struct CertificateFiles {
    private let catalog: CertificateCatalog
    private let materials: ClusterMaterials

    init(spec: ClusterSpec, materials: ClusterMaterials) {
        catalog = CertificateCatalog(spec: spec)
        self.materials = materials
    }

    /// The files of these leaves on this host; key before certificate, so that a reader never sees a newer pair half.
    func files(of leaves: [String], on host: HostSpec) -> [any Resource] {
        leaves.flatMap { name -> [any Resource] in
            guard let entry = catalog.entry(name, on: host.name), let pair = materials.leaves[entry.profile.identifier]
            else {
                return []
            }
            return entry.files(certificate: pair.certificate, key: pair.key.reveal()).map {
                FileResource($0, reason: entry.reason)
            }
        }
    }

    /// The bundle of an authority at a place of a component's choice.
    func authority(_ name: String, at path: String) -> FileResource {
        let file = RenderedFile(path: path, content: materials.authorities[name] ?? [], mode: 0o644)
        return FileResource(file, reason: "whom this host's components trust as \(name)")
    }

    /// The pair that signs and checks service-account tokens.
    func serviceAccount() -> [any Resource] {
        let paths = HostPaths.standard
        let key = RenderedFile(
            path: paths.serviceAccountPrivateKey,
            content: materials.serviceAccountKey.reveal(),
            mode: 0o600,
            secrecy: .secret
        )
        let publicKey = RenderedFile(path: paths.serviceAccountPublicKey, content: materials.serviceAccountPublicKey)
        return [
            FileResource(key, reason: "signs service-account tokens"),
            FileResource(publicKey, reason: "checks service-account tokens"),
        ]
    }
}
