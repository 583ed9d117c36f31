import PKI
import ProvisionCore
import Templates
import Testing

@Suite struct APIServerFlagsTests {
    private func spec(_ flags: [String: String], on name: String = "controller-1") throws -> ClusterSpec {
        var spec = try SamplePlan.spec("lab-debian.yaml")
        let index = try #require(spec.hosts.firstIndex { $0.name == name })
        spec.hosts[index].extraFlags[.kubeAPIServer] = flags
        return spec
    }

    private func flags(_ name: String, _ spec: ClusterSpec) throws -> APIServerFlags {
        APIServerFlags(of: try #require(spec.hosts.first { $0.name == name }), in: spec)
    }

    @Test func `tokens name whom each API server's flags name`() throws {
        let spec = try spec(["--service-account-issuer": "https://tokens.example.org", "etcd-prefix": "/own/"])
        let own = try flags("controller-1", spec)
        #expect(own.issuer == "https://tokens.example.org" && own.audiences == ["https://tokens.example.org"])
        #expect(own.etcdPrefix == "/own")
        let usual = try flags("controller-0", spec)
        #expect(usual.issuer == "https://kubernetes.default.svc.\(spec.network.clusterDomain)")
        #expect(usual.audiences == [usual.issuer] && usual.etcdPrefix == "/registry")
    }

    @Test func `a token is for whom the API server takes tokens`() throws {
        let own = try flags("controller-1", try spec(["api-audiences": "https://a,vault"]))
        #expect(own.audiences == ["https://a", "vault"] && own.issuer.hasPrefix("https://kubernetes.default.svc."))
    }

    @Test func `an API server is shown the token that is made for it`() throws {
        let spec = try SamplePlan.spec("lab-debian.yaml")
        let tokens: [(String, Set<String>)] = [("one", ["controller-0", "controller-2"]), ("two", ["controller-1"])]
        let canaries = tokens.map { text, hosts in
            HandshakeMatrix.Canary(
                root: .serviceAccount,
                isNew: true,
                identity: Secret([]),
                token: Secret(text),
                hosts: hosts
            )
        }
        let shown = spec.hosts(.controller).map { host in
            let script = HandshakeMatrix(spec: spec, host: host, canaries: canaries).script
            return ["one", "two"].filter { script.contains("Bearer \($0)") }
        }
        #expect(shown == [["one"], ["two"], ["one"]])
    }
}

@Suite struct OwnFilesTests {
    private func reasons(_ component: ComponentName, _ flags: [String: String], _ root: TrustRoot) throws -> [String] {
        var spec = try SamplePlan.spec("lab-debian.yaml")
        let index = try #require(spec.hosts.firstIndex { $0.name == "controller-1" })
        spec.hosts[index].extraFlags[component] = flags
        return RotationRefusal.ownFiles(spec, roots: [root]).map(\.reason)
    }

    @Test(arguments: [
        (ComponentName.kubeAPIServer, "encryption-provider-config", TrustRoot.encryption),
        (.kubeAPIServer, "service-account-key-file", .serviceAccount),
        (.kubeControllerManager, "root-ca-file", .kubernetes),
        (.kubeAPIServer, "requestheader-client-ca-file", .frontProxy), (.etcd, "trusted-ca-file", .etcd),
    ])
    func `a root whose file is somebody's own is not rotated`(
        _ component: ComponentName,
        _ flag: String,
        _ root: TrustRoot
    ) throws {
        let reasons = try reasons(component, ["--" + flag: "/etc/own"], root)
        let head = "controller-1: --\(flag) of \(component.rawValue) in extraFlags is /etc/own"
        #expect(reasons.count == 1 && reasons.allSatisfy { $0.hasPrefix(head) && $0.contains(root.rawValue) })
    }

    @Test func `other flags, other roots and the file itself are no reason`() throws {
        let own = ["encryption-provider-config": "/etc/own.yaml"]
        #expect(try reasons(.kubeAPIServer, own, .kubernetes) == [])
        #expect(try reasons(.kubeAPIServer, ["v": "2"], .encryption) == [])
        let same = ["encryption-provider-config": HostPaths.standard.encryptionConfig]
        #expect(try reasons(.kubeAPIServer, same, .encryption) == [])
    }
}
