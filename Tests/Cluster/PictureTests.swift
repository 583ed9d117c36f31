import Testing

/// Runs before everything else on a fresh lab, so that the end can be compared with the beginning.
@Suite(.serialized, .enabled(if: TestCluster.runs("PictureTests"), "started by make cluster-test"))
struct PictureTests {
    /// What is there before the cluster comes, and gets in its way: replaced or changed by `apply`, back after the teardown.
    private static let theirs = [
        (
            "lb-0",
            "mkdir -p /etc/haproxy; echo '# theirs' > /etc/haproxy/haproxy.cfg; chmod 640 /etc/haproxy/haproxy.cfg"
        ),
        (
            "worker-0",
            "echo theirs > /etc/crictl.yaml; echo '/swapfile none swap sw 0 0' >> /etc/fstab; mkdir -m 755 /var/lib/kubelet"
        ),
        ("controller-0", "mkdir -m 755 /var/lib/etcd /root/.kube; echo theirs > /root/.kube/notes"),
    ]

    @Test(.timeLimit(.minutes(3))) func `every host is pictured before the first apply`() async throws {
        let cluster = try #require(TestCluster.current)
        for (host, command) in Self.theirs {
            let placed = try await cluster.on(host, command)
            #expect(placed.status == 0, "\(host): \(placed.everything)")
        }
        let pictures = try await HostPicture.takeAll(of: try await cluster.hosts(), in: cluster)
        for (host, picture) in pictures {
            #expect(picture.lines.count > 1000, "\(host)")
            try picture.save(host, cluster)
        }
    }
}
