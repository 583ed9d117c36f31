import Templates
import Testing

@Suite struct GoldenTests {
    /// One golden document per host: every file with its path, mode, owner and secrecy.
    private func document(_ files: [RenderedFile]) -> String {
        files.sorted { $0.path < $1.path }.map { file in
            let mode = String(file.mode, radix: 8)
            return "=== \(file.path) 0\(mode) \(file.owner):\(file.group) \(file.secrecy)\n\(file.text)"
        }.joined(separator: "\n")
    }

    @Test(arguments: ["lb", "controller-0", "controller-1", "controller-2", "worker-0", "worker-1", "worker-2"])
    func lab(host: String) throws {
        let text = document(Topology.lab(KubernetesVersion(1, 36, 2)).files(of: host))
        #expect(try Fixture.golden("lab/\(host).txt", text) == nil)
    }

    @Test func singleHost() throws {
        let text = document(Topology.single(KubernetesVersion(1, 36, 2)).files(of: "node-0"))
        #expect(try Fixture.golden("single/node-0.txt", text) == nil)
    }

    @Test(arguments: ["controller-0", "etcd-0", "etcd-1", "etcd-2"])
    func externalEtcd(host: String) throws {
        let text = document(Topology.externalEtcd(KubernetesVersion(1, 36, 2)).files(of: host))
        #expect(try Fixture.golden("external-etcd/\(host).txt", text) == nil)
    }

    @Test(arguments: ["1.20.2", "1.24.17", "1.28.15", "1.32.13", "1.36.2", "1.37.0"], ["controller-0", "worker-0"])
    func versions(version: String, host: String) throws {
        let topology = Topology.lab(try #require(KubernetesVersion(version)))
        #expect(try Fixture.golden("versions/\(version)/\(host).txt", document(topology.files(of: host))) == nil)
    }

    @Test func everyFileEndsWithANewline() {
        let topology = Topology.lab(KubernetesVersion(1, 36, 2))
        for file in ["lb", "controller-0", "worker-0"].flatMap(topology.files) {
            #expect(file.content.last == UInt8(ascii: "\n"), "\(file.path)")
            #expect(file.path.hasPrefix("/"), "\(file.path)")
        }
    }
}
