import Foundation
import Templates
import Testing

@Suite struct UnitTests {
    /// Places of programs and units below a root, so that the verifier finds a program for every command.
    private func paths(in root: URL) throws -> HostPaths {
        var paths = HostPaths()
        paths.binDirectory = root.path + "/bin"
        paths.unitDirectory = root.path + "/units"
        paths.haproxyBinary = paths.binary("haproxy")
        paths.keepalivedBinary = paths.binary("keepalived")
        paths.dockerdBinary = paths.binary("dockerd")
        paths.ipBinary = paths.binary("ip")
        paths.modprobeBinary = paths.binary("modprobe")
        let programs = [
            "etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "containerd", "dockerd", "kubelet",
            "kube-proxy", "haproxy", "keepalived", "ip", "modprobe",
        ]
        for program in programs { try Scratch.stub(paths.binary(program)) }
        try FileManager.default.createDirectory(atPath: paths.unitDirectory, withIntermediateDirectories: true)
        return paths
    }

    private func units(_ version: KubernetesVersion, _ paths: HostPaths) -> [RenderedFile] {
        var topology = Topology.lab(version)
        topology.paths = paths
        let files = ["lb", "controller-0", "worker-0"].flatMap(topology.files)
        let all = files + [DockerUnit(paths: paths).rendered(), PodRoutesUnit(routes: [], paths: paths).rendered()]
        return all.filter { $0.path.hasSuffix(".service") }
    }

    @Test(arguments: [20, 36, 37])
    func systemdAcceptsEveryUnit(minor: Int) async throws {
        try await Scratch.with { root in
            let paths = try paths(in: root)
            for unit in units(KubernetesVersion(1, minor), paths) {
                try Data(unit.content).write(to: URL(fileURLWithPath: unit.path))
                let result = try await Program.run(
                    "/usr/bin/systemd-analyze",
                    ["verify", "--man=no", "--recursive-errors=no", unit.path]
                )
                #expect(result.status == 0, "\(unit.path): \(result.output)")
                #expect(!result.output.contains(root.path), "\(result.output)")
            }
        }
    }

    /// The verifier must be able to fail, or its silence says nothing.
    @Test func systemdRefusesABrokenUnit() async throws {
        try await Scratch.with { root in
            let file = root.appendingPathComponent("broken.service")
            try Data("[Service]\nExecStart=/no/such/program\n".utf8).write(to: file)
            let result = try await Program.run("/usr/bin/systemd-analyze", ["verify", "--man=no", file.path])
            #expect(result.status != 0)
        }
    }

    @Test func everyUnitIsForRootOnlyAndWaitsForTheNetwork() {
        for unit in units(KubernetesVersion(1, 36, 2), .standard) {
            #expect(unit.mode == 0o600, "\(unit.path)")
            #expect(unit.text.contains("After=network-online.target"), "\(unit.path)")
            #expect(unit.text.contains("WantedBy=multi-user.target"), "\(unit.path)")
        }
    }

    @Test func routesAreSetAndOnlyTheOwnOnesRemoved() {
        let text = Topology.lab(KubernetesVersion(1, 36)).routes(except: 1).rendered().text
        #expect(text.contains(" sh 10.200.2.0/24 192.168.2.7 86\n"))
        #expect(text.contains("ExecStop=-/sbin/ip route del 10.200.0.0/24 via 192.168.2.5 proto 86\n"))
        #expect(!text.contains("10.200.1.0/24"))
    }

    @Test func theLocalEtcdComesFirst() throws {
        let topology = Topology.lab(KubernetesVersion(1, 36))
        let flags = topology.apiServer(topology.controllers[1]).flags
        #expect(flags["etcd-servers"]?.hasPrefix("https://192.168.2.3:2379,") == true)
    }

    @Test func onlyOldKubeletsGetTheirRuntimeByFlags() {
        let old = Topology.lab(KubernetesVersion(1, 20, 2)).kubelet(0).flags
        #expect(old["container-runtime"] == "remote")
        #expect(old["network-plugin"] == "cni")
        #expect(old["register-with-taints"] == "dedicated=lab:PreferNoSchedule")
        let new = Topology.lab(KubernetesVersion(1, 36, 2)).kubelet(0).flags
        #expect(new.entries.map(\.name) == ["config", "kubeconfig", "node-ip"])
    }
}
