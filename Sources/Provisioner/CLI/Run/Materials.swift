import ArgumentParser
import Foundation
import PKI
import ProvisionArtifacts
import ProvisionCore
import SystemPackage
import Templates

/// Gathers what a plan needs from the credential store and the artifact store.
struct Materials {
    var spec: ClusterSpec
    let console: Console
    let places: Places
    /// The store's time; another one than now lets a lab grow old.
    var now = Int64(Date().timeIntervalSince1970)
    /// Whether leaves stay as long as they live.
    var holdsLiving = false
    /// What is about to be replaced: the key of such an authority may be lost.
    var replacing: [TrustRoot] = []
    /// Whether a person may be asked for a passphrase, where there is one at the terminal.
    var mayAsk = true
    /// Whether what is planned is written to hosts, so that a lost key must come back first.
    var needsKeys = true
    /// Asked once before the store issues leaves.
    var beforeIssuing: @Sendable () async throws -> Void = {}

    /// The store of the cluster's credentials.
    func store(dryRun: Bool) throws -> CredentialStore {
        CredentialStore(
            directory: spec.pki.directory,
            asking: StoreSecret(pki: spec.pki, mayAsk: mayAsk && console.canAsk).source,
            now: now,
            dryRun: dryRun,
            holdsLiving: holdsLiving,
            replacing: Set(replacing.map(\.rawValue))
        )
    }

    /// Why a plan that needs every key is refused; `nil` where none is lost.
    func lostKeys() throws -> CredentialStoreError? {
        try store(dryRun: true).lostKeys(encrypts: spec.features.encryption != .none)
    }

    private func tellLostKeys() throws {
        if let lost = try lostKeys() { console.problem("‼ \(lost)") }
    }

    func credentials(dryRun: Bool) async throws -> Credentials {
        let store = try store(dryRun: dryRun)
        if !needsKeys { try tellLostKeys() }
        return try await store.credentials(
            authorities: CertificateRequests.authorities(of: spec),
            leaves: CertificateRequests.leaves(of: spec),
            encrypts: spec.features.encryption != .none,
            needsKeys: needsKeys,
            beforeIssuing: beforeIssuing
        )
    }

    /// Everything, ready for the planner.
    ///
    /// - Parameters:
    ///   - dryRun: Issue only in memory.
    ///   - artifacts: Which of them; a plan without binaries is enough to ask components how they are.
    /// - Returns: Credentials and files.
    /// - Throws: The stores' own errors, `CommandFailure` for files that the inventory names.
    func gather(dryRun: Bool, artifacts: ArtifactChoice = .all) async throws -> ClusterMaterials {
        let credentials = try await credentials(dryRun: dryRun)
        for (name, leaf) in credentials.leaves.sorted(by: { $0.key < $1.key }) {
            if case .issue(let reason) = leaf.decision, reason != "is new or was lost" {
                console.note("certificate \(name): \(dryRun ? "would be" : "is") issued again, \(reason)")
            }
        }
        let set = try await resolved(artifacts)
        var leaves = credentials.leaves.mapValues { ClusterMaterials.KeyPair(certificate: $0.certificate, key: $0.key) }
        if let kubernetes = CertificateRequests.authorities(of: spec).first(where: { $0.name == "kubernetes-ca" }),
            !dryRun, try store(dryRun: true).trustState().rotation == nil
        {
            // Nothing is asked for, and nothing said of a wrong answer, until hosts are known to need it.
            let profile = CertificateRequests.breakGlass(spec)
            if let leaf = try? await store(dryRun: true).ephemeral(profile, authority: kubernetes) {
                leaves["break-glass"] = .init(certificate: leaf.certificate, key: leaf.key)
            }
        }
        return ClusterMaterials(
            clusterID: credentials.clusterID,
            authorities: credentials.authorities,
            leaves: leaves,
            serviceAccountKey: credentials.serviceAccountKey,
            serviceAccountPublicKey: credentials.serviceAccountPublicKey,
            encryptionKeys: credentials.encryptionKeys.map { .init(generation: $0.generation, bytes: $0.bytes) },
            uploads: ArtifactAccess.uploads(set),
            packages: ArtifactAccess.packages(set),
            namedFiles: try namedFiles(),
            rotation: try rotationMark()
        )
    }

    private func rotationMark() throws -> RotationMark {
        let store = try store(dryRun: true)
        return RotationMark(try store.trustState().rotation, ended: try store.endedRotations())
    }

    private func resolved(_ choice: ArtifactChoice) async throws -> ArtifactSet {
        let access = ArtifactAccess(spec: spec, console: console, places: places)
        switch choice {
        case .all: return try await access.resolve()
        case .present: return try await access.present() ?? ArtifactSet([])
        case .none: return ArtifactSet([])
        }
    }

    private func namedFiles() throws -> [String: [UInt8]] {
        try [spec.features.staticTokenFile, spec.features.abacPolicyFile].compactMap(\.self).reduce(into: [:]) {
            files,
            path in
            guard let data = FileManager.default.contents(atPath: path) else {
                throw CommandFailure(
                    "\(path): cannot be read",
                    remedy: "correct the inventory",
                    status: .inventoryInvalid
                )
            }
            files[path] = Array(data)
        }
    }
}

/// Only `apply` makes a cluster's credentials; every other verb needs those that are there.
enum StoreGuard {
    static func requireCluster(_ spec: ClusterSpec, _ console: Console) throws {
        let store = try Materials(spec: spec, console: console, places: Places()).store(dryRun: true)
        guard try store.existingClusterID() == nil else { return }
        throw CommandFailure(
            "\(spec.pki.directory) holds no cluster",
            remedy: "provision apply makes it; if it was lost, restore it from a back-up",
            status: .refused
        )
    }
}

/// Which artifacts a verb needs.
enum ArtifactChoice {
    /// All; what is missing is fetched.
    case all
    /// All if they are here, else none: no network.
    case present
    case none
}
