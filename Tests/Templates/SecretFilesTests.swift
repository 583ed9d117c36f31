import Templates
import Testing

@Suite struct SecretFilesTests {
    @Test func encryptionKeysStayInTheirFile() {
        let key = EncryptionConfig.Key(name: "key1", bytes: Secret(Array(repeating: 65, count: 32)))
        let file = EncryptionConfig(keys: [key]).rendered()
        #expect(file.secrecy == .secret)
        #expect(file.mode == 0o600)
        #expect(file.text.contains("QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="))
        #expect(!String(describing: key).contains("65"))
    }

    /// The first provider encrypts, so plain text may only come last.
    @Test func identityComesLast() {
        let key = EncryptionConfig.Key(name: "key1", bytes: Secret([1]))
        let providers = EncryptionConfig(provider: .aescbc, keys: [key]).value["resources"]
        guard case .array(let entries)? = providers, case .array(let list)? = entries.first?["providers"] else {
            Issue.record("no list of providers")
            return
        }
        #expect(list.map { $0.fields.map(\.name) } == [["aescbc"], ["identity"]])
    }

    @Test func embeddedCredentialsAreSecret() {
        let config = Kubeconfig(
            path: "/root/.kube/config",
            clusterName: "c",
            server: "https://192.168.2.8:6443",
            userName: "kubernetes-admin",
            credentials: .embedded(certificateAuthority: "CA", certificate: "CERT", key: Secret("KEY"))
        )
        #expect(config.rendered().secrecy == .secret)
        #expect(config.value["current-context"] == "kubernetes-admin@c")
        #expect(!String(describing: config).contains("KEY"))
    }
    /// Nobody says what a secret is but the template that writes it.
    @Test func aFileIsSecretUntilItIsSaidToBeOpen() {
        #expect(RenderedFile(path: "/a", text: "").secrecy == .secret)
    }

    @Test func whatOperatorsAddMayMakeAFileSecret() {
        var config = ContainerdConfig(layout: .two, sandboxImage: "pause", systemdCgroup: true)
        #expect(config.rendered().secrecy == .open)
        config.extraFields = OrderedValue("dXNlcjpwYXNz", below: ["registry", "configs", "r", "auth", "auth"])
        #expect(config.rendered().secrecy == .secret)

        let version = KubernetesVersion(1, 36, 2)
        var unit = KubeletUnit(version: version, nodeAddress: IPv4Address(bits: 1), sandboxImage: "pause")
        #expect(unit.rendered().secrecy == .open)
        unit.extraFlags = ["--manifest-url-header": "Authorization:Bearer x"]
        #expect(unit.rendered().secrecy == .secret)

        let secret = KubernetesObject.make("v1", "Secret", name: "s")
        #expect(ClusterManifest(name: "s.yaml", objects: [secret]).rendered().secrecy == .secret)
        let map = KubernetesObject.make("v1", "ConfigMap", name: "s")
        #expect(ClusterManifest(name: "s.yaml", objects: [map]).rendered().secrecy == .open)
    }
}
