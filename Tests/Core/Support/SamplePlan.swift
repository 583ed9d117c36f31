import Foundation
import PKI
import ProvisionCore
import Templates

/// A sample inventory as a plan: real certificates, issued in memory, and uploads that are only named.
struct SamplePlan {
    var spec: ClusterSpec
    let materials: ClusterMaterials

    var plan: Plan { Planner(spec: spec, materials: materials).plan() }

    static func make(_ sample: String, kubernetes: String? = nil) async throws -> SamplePlan {
        var spec = try spec(sample)
        if let version = kubernetes.flatMap({ KubernetesVersion($0) }) { spec.versions.kubernetes = version }
        return SamplePlan(spec: spec, materials: try await SampleMaterials.shared.of(sample, spec))
    }

    static func spec(_ sample: String) throws -> ClusterSpec {
        let bytes = try InventoryFixtures.bytes(InventoryFixtures.samples.appending(path: sample))
        return try Inventory.decode(bytes, path: sample, directory: "/i", context: InventoryFixtures.context).spec
    }
}

/// Credentials are the same for every version of a sample, and keys take time: each is made once.
actor SampleMaterials {
    static let shared = SampleMaterials()
    private var made: [String: Task<ClusterMaterials, any Error>] = [:]

    func of(_ sample: String, _ spec: ClusterSpec) async throws -> ClusterMaterials {
        let task = made[sample] ?? Task { try await Self.gather(spec) }
        made[sample] = task
        return try await task.value
    }

    private var plans: [String: Plan] = [:]

    /// The plan of a sample as it stands, made once.
    func plan(_ sample: String) async throws -> Plan {
        if let plan = plans[sample] { return plan }
        let plan = try await SamplePlan.make(sample).plan
        plans[sample] = plan
        return plan
    }

    private static func gather(_ spec: ClusterSpec) async throws -> ClusterMaterials {
        let store = CredentialStore(
            directory: NSTemporaryDirectory() + "provision-sample-" + UUID().uuidString,
            now: Int64(Date().timeIntervalSince1970),
            dryRun: true
        )
        let credentials = try await store.credentials(
            authorities: CertificateRequests.authorities(of: spec),
            leaves: CertificateRequests.leaves(of: spec)
        )
        return ClusterMaterials(
            clusterID: "7f3c1f0e-0000-4000-8000-000000000001",
            authorities: credentials.authorities,
            leaves: credentials.leaves.mapValues { .init(certificate: $0.certificate, key: $0.key) },
            serviceAccountKey: credentials.serviceAccountKey,
            serviceAccountPublicKey: credentials.serviceAccountPublicKey,
            encryptionKeys: credentials.encryptionKeys.map { .init(generation: $0.generation, bytes: $0.bytes) },
            uploads: FakeUploads.all,
            packages: spec.sendsPackages ? FakeUploads.packages : [:],
            namedFiles: [:]
        )
    }
}

/// Uploads by the names that components ask for; the files do not exist, a plan never opens them.
enum FakeUploads {
    static let all: [String: [String: Action.Upload]] = [
        "etcd", "etcdctl", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl", "kubelet",
        "kube-proxy", "containerd", "containerd-shim-runc-v2", "ctr", "runc", "bridge", "host-local", "loopback",
        "portmap", "pause", "dns", "smokeTest",
    ].reduce(into: [:]) { $0[$1] = ["x86_64": upload($1)] }

    static let packages = [
        "haproxy": [upload("haproxy_2.6.12-1+deb12u4_amd64.deb")],
        "keepalived": [upload("keepalived_1%3a2.2.7-1_amd64.deb")],
    ]

    static func upload(_ name: String) -> Action.Upload {
        Action.Upload(localPath: "/cache/\(name)", size: 1 << 20, sha256: SHA256Digest.hex(of: Array(name.utf8)))
    }
}
