import Foundation
import ProvisionArtifacts
import ProvisionCore
import SystemPackage
import Templates

/// The artifacts that a cluster needs, from the source that its inventory names.
struct ArtifactAccess {
    let spec: ClusterSpec
    let console: Console
    let places: Places

    var store: ArtifactStore {
        ArtifactStore(
            cacheDirectory: FilePath(places.cache),
            lockFile: FilePath(spec.artifacts.lockFile),
            environment: ProcessInfo.processInfo.environment
        )
    }

    /// Fetches or builds what is missing; verified against the lock.
    func resolve() async throws -> ArtifactSet {
        let progress = ArtifactProgressLine(console: console)
        return try await store.resolve(request) { progress.show($0) }
    }

    /// What is here already; `nil` where something would have to be fetched.
    func present() async throws -> ArtifactSet? {
        let listed = try await store.list(request)
        guard listed.allSatisfy({ $0.state == .present }) else { return nil }
        return ArtifactSet(listed.compactMap(\.artifact))
    }

    var request: ArtifactRequest {
        let source: ArtifactSource =
            switch spec.artifacts.source {
            case .upstream: .upstream
            case .mirror(let url): .mirror(baseURL: url)
            case .directory(let path): .directory(FilePath(path))
            case .debian: .debian
            }
        return ArtifactRequest(
            source: source,
            components: components,
            architectures: architectures,
            versions: versions
        )
    }

    /// Every one that some host has.
    private var architectures: Set<Architecture> {
        Set(spec.hosts.map { $0.architecture == .arm64 ? Architecture.arm64 : .amd64 })
    }

    private var versions: [ArtifactFamily: String] {
        var versions: [ArtifactFamily: String] = [
            .kubernetes: spec.versions.kubernetes.description, .etcd: spec.versions.etcd,
            .containerd: spec.versions.containerd,
            .runc: spec.versions.runc, .cni: spec.versions.cniPlugins,
        ]
        versions[.haproxy] = spec.versions.haproxy
        if spec.dns.provider == .coredns { versions[.coredns] = spec.versions.coreDNS }
        for (family, image) in [
            (ArtifactFamily.pause, spec.images.pause), (.nginx, spec.images.smokeTest), (.dnsmasq, spec.images.dns),
        ] {
            let parts = image.split(separator: ":")
            if image == ImageReference.of(family, version: String(parts.last ?? "")) {
                versions[family] = String(parts.last ?? "")
            }
        }
        return versions
    }

    private var components: Set<ArtifactID> {
        var set: Set<ArtifactID> = [.kubectl]
        if !spec.hosts(.etcd).isEmpty { set.formUnion([.etcd, .etcdctl]) }
        // From 3.6 on etcdctl reads no snapshot files any more.
        if set.contains(.etcd), spec.etcdReadsFilesWithEtcdutl { set.insert(.etcdutl) }
        if !spec.hosts(.controller).isEmpty { set.formUnion([.kubeApiserver, .kubeControllerManager, .kubeScheduler]) }
        if !spec.hosts(.worker).isEmpty {
            set.formUnion([.kubelet, .kubeProxy])
            if spec.runtime.kind == .containerd { set.formUnion([.containerd, .containerdShimRuncV2, .ctr, .runc]) }
            set.formUnion([.cniBridge, .cniHostLocal, .cniLoopback, .cniPortmap])
        }
        if spec.sendsPackages {
            if !spec.hosts(.loadBalancer).isEmpty { set.insert(.haproxy) }
            if spec.hosts(.loadBalancer).count > 1 { set.insert(.keepalived) }
            if spec.runtime.kind == .docker, !spec.hosts(.worker).isEmpty { set.insert(.docker) }
        }
        if spec.images.preload { set.formUnion([.pauseImage, .nginxImage, dnsImage].compactMap(\.self)) }
        return set
    }

    private var dnsImage: ArtifactID? {
        switch spec.dns.provider {
        case .coredns: .corednsImage
        case .dnsmasq: .dnsmasqImage
        case .none: nil
        }
    }

    /// By the names that components use, then by the machine's name.
    static func uploads(_ set: ArtifactSet) -> [String: [String: Action.Upload]] {
        set.artifacts.reduce(into: [:]) { uploads, artifact in
            let name: String
            switch artifact.kind {
            case .binary(let installName): name = installName
            case .image: name = artifact.id == .pauseImage ? "pause" : artifact.id == .nginxImage ? "smokeTest" : "dns"
            case .debianPackages: return
            }
            uploads[name, default: [:]][artifact.architecture == .arm64 ? "aarch64" : "x86_64"] = Action.Upload(
                localPath: artifact.path.string,
                size: Int(artifact.size),
                sha256: artifact.sha256
            )
        }
    }

    static func packages(_ set: ArtifactSet) -> [String: [Action.Upload]] {
        set.artifacts.reduce(into: [:]) { packages, artifact in
            guard case .debianPackages(let files) = artifact.kind else { return }
            packages[artifact.id.rawValue] = files.map {
                Action.Upload(localPath: $0.path.string, size: Int($0.size), sha256: $0.sha256)
            }
        }
    }
}
