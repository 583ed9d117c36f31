import Foundation
import Templates
import Testing

@Suite struct HAProxyConfigTests {
    private func files(in root: URL) async throws -> HAProxyConfig {
        var paths = HostPaths()
        paths.haproxyDirectory = root.path
        paths.haproxyRuntimeDirectory = root.path
        let result = try await Program.run(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj",
                "/CN=provision-haproxy", "-keyout", "\(root.path)/check.key", "-out", paths.haproxyCA,
            ]
        )
        #expect(result.status == 0, "\(result.output)")
        let certificate = try Data(contentsOf: URL(fileURLWithPath: paths.haproxyCA))
        let key = try Data(contentsOf: root.appendingPathComponent("check.key"))
        try (certificate + key).write(to: URL(fileURLWithPath: paths.haproxyCheckPEM))
        var topology = Topology.lab(KubernetesVersion(1, 36, 2))
        topology.paths = paths
        return topology.haproxy
    }

    private func check(_ file: RenderedFile, user: String) async throws -> Program.Result {
        // The package's user may be missing where only the program is installed.
        let text = file.text.replacingOccurrences(of: "user haproxy", with: "user \(user)")
            .replacingOccurrences(of: "group haproxy", with: "group \(user)")
        try Data(text.utf8).write(to: URL(fileURLWithPath: file.path))
        return try await Program.run("/usr/sbin/haproxy", ["-c", "-f", file.path])
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/sbin/haproxy")))
    func haproxyAcceptsTheConfiguration() async throws {
        try await Scratch.with { root in
            let config = try await files(in: root)
            let result = try await check(config.rendered(), user: "root")
            #expect(result.status == 0, "\(result.output)")
            #expect(!result.output.contains("WARNING"), "\(result.output)")
            try Data("nonsense".utf8).write(to: URL(fileURLWithPath: config.paths.haproxyCheckPEM))
            #expect(try await check(config.rendered(), user: "root").status != 0)
        }
    }

    @Test func servicesReachTheWorkersByNodePort() {
        let text = Topology.lab(KubernetesVersion(1, 36, 2)).haproxy.rendered().text
        #expect(text.contains("frontend service-nginx\n    bind *:80\n"))
        #expect(text.contains("    server worker-2 192.168.2.7:30080\n"))
        #expect(text.contains("    server controller-2 192.168.2.4:6443\n"))
    }
}
