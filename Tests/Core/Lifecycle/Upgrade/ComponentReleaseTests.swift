import ProvisionCore
import Testing

@Suite struct ComponentReleaseTests {
    /// dpkg --compare-versions says the same of each.
    @Test(arguments: [
        ("3.4.9", "3.4.23"), ("1.6.20~ds1-1+deb12u2", "1.6.20~ds1-1+deb12u3"), ("1.6.20~ds1", "1.6.20"),
        ("2.6.12-1+deb12u3", "2.6.12-1+deb12u4"), ("1.20.2", "1.20.2-1"), ("1.9.1", "1.10.0"), ("1.1.5", "1.1.5+ds1"),
        ("1.0009", "1.10"), ("1.2a", "1.2+"),
    ])
    func `numbers count by value and a tilde comes before the end`(_ older: String, _ newer: String) {
        #expect(ComponentRelease(older) < ComponentRelease(newer))
        #expect(!(ComponentRelease(newer) < ComponentRelease(older)))
    }

    @Test(arguments: [
        ("1.6.20~ds1-1+deb12u3", "1.6.20", true), ("1.6.20~ds1-1+deb12u3", "1.6.20~ds1-1+deb12u3", true),
        ("1.6.20~ds1-1+deb12u2", "1.6.20~ds1-1+deb12u3", false), ("1.1.5+ds1", "1.1.5", true),
        ("3.4.23", "3.4.2", false), ("3.4.23", "3.4.23", true),
    ])
    func `a package of a release is that release`(_ running: String, _ wanted: String, _ matches: Bool) {
        #expect(ComponentRelease(running).matches(wanted) == matches)
    }

    @Test func `what programs say of themselves is read`() {
        let said = RunningVersions(
            output: """
                version etcd etcd Version: 3.4.23
                version kube-apiserver Kubernetes v1.20.3-lab
                version containerd containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1+deb12u3
                version docker Docker version 20.10.24+dfsg1, build 5d6db84
                version runc runc version 1.1.5+ds1
                version haproxy HAProxy version 2.6.12-1+deb12u4 2025/04/16 - https://haproxy.org/
                version kubelet
                version nonsense v1.0.0
                noise

                """
        )
        #expect(
            said.releases.mapValues(\.text) == [
                .etcd: "3.4.23", .kubeAPIServer: "1.20.3-lab", .containerd: "1.6.20~ds1-1+deb12u3",
                .docker: "20.10.24+dfsg1", .runc: "1.1.5+ds1", .haproxy: "2.6.12-1+deb12u4",
            ]
        )
        let upstream =
            "version containerd containerd github.com/containerd/containerd v1.7.27 05044ec0a9a75232cad458027ca83437aae3f4da"
        #expect(RunningVersions(output: upstream).releases[.containerd]?.text == "1.7.27")
    }

    @Test func `a host is asked for what its roles run`() throws {
        let spec = try SamplePlan.spec("lab-debian.yaml")
        let worker = RunningVersions.script(for: try #require(spec.hosts(.worker).first))
        #expect(worker.contains("process kubelet kubelet.service --version") && worker.contains("runc --version"))
        #expect(!worker.contains("etcd"))
        let balancer = RunningVersions.script(for: try #require(spec.hosts(.loadBalancer).first))
        #expect(balancer.contains("process haproxy haproxy.service -v"))
    }
}
