import Templates

/// Certificates and keys as files on hosts, from the catalog and the credential store.
struct CertificateFiles {
    private let catalog: [String: CatalogCertificate]
    private let materials: ClusterMaterials

    init(spec: ClusterSpec, materials: ClusterMaterials) {
        let certificates = CertificateCatalog.certificates(of: spec)
        catalog = Dictionary(certificates.map { ($0.identifier, $0) }) { first, _ in first }
        self.materials = materials
    }

    /// The files of these leaves on this host, key first.
    func files(of leaves: [String], on host: HostSpec) -> [any Resource] {
        leaves.flatMap { name -> [any Resource] in
            guard let entry = catalog["\(name)@\(host.name)"], let pair = materials.leaves[entry.identifier] else {
                return []
            }
            return files(entry, pair)
        }
    }

    private func files(_ entry: CatalogCertificate, _ pair: ClusterMaterials.KeyPair) -> [any Resource] {
        if entry.certificatePath == entry.keyPath {
            return [file(entry, entry.keyPath, pair.certificate + pair.key.reveal(), entry.keyMode, .secret)]
        }
        let key = file(entry, entry.keyPath, pair.key.reveal(), entry.keyMode, .secret, part: .key)
        let part = FileResource.PairPart.certificate(key: entry.keyPath, keyDigest: key.digest)
        return [
            key, file(entry, entry.certificatePath, pair.certificate, entry.certificateMode, .open, part: part),
        ]
    }

    private func file(
        _ entry: CatalogCertificate,
        _ path: String,
        _ content: [UInt8],
        _ mode: UInt16,
        _ secrecy: RenderedFile.Secrecy,
        part: FileResource.PairPart = .single
    ) -> FileResource {
        let file = RenderedFile(
            path: path,
            content: content,
            mode: mode,
            owner: entry.owner,
            group: entry.group,
            secrecy: secrecy
        )
        return FileResource(file, reason: entry.reason, part: part)
    }

    /// The bundle of an authority at a place of a component's choice.
    func authority(_ name: String, at path: String) -> FileResource {
        let file = RenderedFile(path: path, content: materials.authorities[name] ?? [], mode: 0o644, secrecy: .open)
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
        let publicKey = RenderedFile(
            path: paths.serviceAccountPublicKey,
            content: materials.serviceAccountPublicKey,
            secrecy: .open
        )
        return [
            FileResource(key, reason: "signs service-account tokens"),
            FileResource(publicKey, reason: "checks service-account tokens"),
        ]
    }
}
