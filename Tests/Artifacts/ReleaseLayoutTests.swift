import Testing

@testable import ProvisionArtifacts

@Suite struct ReleaseLayoutTests {
    @Test(arguments: [
        (
            ArtifactID.kubeApiserver, "1.36.2", Architecture.amd64,
            "https://dl.k8s.io/v1.36.2/bin/linux/amd64/kube-apiserver",
            "https://dl.k8s.io/v1.36.2/bin/linux/amd64/kube-apiserver.sha256"
        ),
        (
            .etcd, "3.6.5", .arm64,
            "https://github.com/etcd-io/etcd/releases/download/v3.6.5/etcd-v3.6.5-linux-arm64.tar.gz",
            "https://github.com/etcd-io/etcd/releases/download/v3.6.5/SHA256SUMS"
        ),
        (
            .containerd, "2.1.4", .amd64,
            "https://github.com/containerd/containerd/releases/download/v2.1.4/containerd-2.1.4-linux-amd64.tar.gz",
            "https://github.com/containerd/containerd/releases/download/v2.1.4/containerd-2.1.4-linux-amd64.tar.gz.sha256sum"
        ),
        (
            .runc, "1.3.0", .arm64,
            "https://github.com/opencontainers/runc/releases/download/v1.3.0/runc.arm64",
            "https://github.com/opencontainers/runc/releases/download/v1.3.0/runc.sha256sum"
        ),
        (
            .cniBridge, "1.7.1", .amd64,
            "https://github.com/containernetworking/plugins/releases/download/v1.7.1/cni-plugins-linux-amd64-v1.7.1.tgz",
            "https://github.com/containernetworking/plugins/releases/download/v1.7.1/cni-plugins-linux-amd64-v1.7.1.tgz.sha256"
        ),
        (
            .crictl, "1.36.0", .amd64,
            "https://github.com/kubernetes-sigs/cri-tools/releases/download/v1.36.0/crictl-v1.36.0-linux-amd64.tar.gz",
            "https://github.com/kubernetes-sigs/cri-tools/releases/download/v1.36.0/crictl-v1.36.0-linux-amd64.tar.gz.sha256"
        ),
    ])
    func namesTheReleaseFiles(
        id: ArtifactID,
        version: String,
        architecture: Architecture,
        url: String,
        sums: String
    ) throws {
        let layout = ReleaseLayout(source: .upstream)
        let downloads = try #require(layout.downloads(id.family, [id], version: version, architecture: architecture))
        #expect(downloads.map(\.url) == [url])
        #expect(downloads.map(\.checksumURL) == [sums])
    }

    @Test(arguments: ["http://mirror.invalid/pub", "http://mirror.invalid/pub/"])
    func putsAMirrorInFront(base: String) {
        let layout = ReleaseLayout(source: .mirror(baseURL: base))
        let downloads = layout.downloads(.kubernetes, [.kubelet], version: "1.36.2", architecture: .arm64)
        #expect(downloads?.map(\.url) == ["http://mirror.invalid/pub/dl.k8s.io/v1.36.2/bin/linux/arm64/kubelet"])
    }

    @Test func hasNoFilesForWhatIsNotReleased() {
        let layout = ReleaseLayout(source: .upstream)
        #expect(layout.downloads(.haproxy, [.haproxy], version: "3", architecture: .amd64) == nil)
    }
}
