import ProvisionCore
import Testing

@Suite struct MarkerResourceTests {
    private let marker = MarkerResource(clusterID: "id-1", clusterName: "lab", host: "worker-0")

    @Test(arguments: [
        ("marked id-1 lab worker-0", "same: belongs to lab"),
        ("free", "change: belongs to no cluster -> mark the host as part of lab"),
        (
            "marked id-2 other worker-9",
            "refused: worker-0 belongs to the cluster other (id-2), not to lab (id-1)"
        ),
        ("marked", "refused: worker-0 belongs to the cluster ? (no id), not to lab (id-1)"),
        (
            "free /etc/kubernetes/pki /var/lib/k0s",
            "refused: worker-0 has leftovers of another cluster: /etc/kubernetes/pki /var/lib/k0s"
        ),
    ])
    func `an answer gives its verdict`(_ answer: String, _ outline: String) {
        #expect(marker.outline(answer) == outline)
    }

    @Test func `the mark names cluster and host`() {
        let digest = SHA256Digest.hex(of: Array("id-1 lab worker-0\n".utf8))
        let scripts = marker.scripts("free")
        #expect(scripts.count == 1)
        #expect(scripts[0].contains("note machine \"$(cat /etc/machine-id)\" '' id-1\n"))
        #expect(
            scripts[0].hasSuffix(
                """
                put /etc/provision/cluster 644 root:root \(digest) <<'EOF_PROVISION'
                id-1 lab worker-0
                EOF_PROVISION
                """
            )
        )
    }

    @Test func `data in the cluster's own directory of etcd is a leftover too`() throws {
        var spec = try SamplePlan.spec("lab-debian.yaml")
        #expect(spec.etcd.foreignData == ["/var/lib/etcd/member"])
        spec.etcd.dataDirectory = "/data/etcd"
        #expect(spec.etcd.foreignData == ["/data/etcd/member", "/var/lib/etcd/member"])
        let marker = MarkerResource(
            clusterID: "id-1",
            clusterName: "lab",
            host: "worker-0",
            etcdData: spec.etcd.foreignData
        )
        guard case .script(let text) = marker.probe else {
            Issue.record("no script")
            return
        }
        #expect(text.contains("for p in /data/etcd/member /var/lib/etcd/member /etc/kubernetes/manifests"))
    }

    @Test func `no answer is no free host`() {
        #expect(marker.outline("no answer came", status: 255).hasPrefix("refused:"))
    }
}
