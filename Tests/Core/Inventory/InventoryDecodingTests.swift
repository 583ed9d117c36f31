import Foundation
import ProvisionCore
import Templates
import Testing

@Suite struct InventoryDecodingTests {
    private static let single = """
        apiVersion: provision/v1
        hosts:
          controllers: [{name: machine, address: 203.0.113.10}]
          workers: [machine]

        """

    @Test(arguments: InventoryFixtures.names(in: InventoryFixtures.samples))
    func sampleDecodes(_ name: String) throws {
        let file = InventoryFixtures.samples.appending(path: name)
        let inventory = try Inventory.decode(
            InventoryFixtures.bytes(file),
            path: name,
            directory: "/inventory",
            context: InventoryFixtures.context
        )
        #expect(!inventory.spec.hosts(.controller).isEmpty)
        #expect(inventory.warnings.isEmpty)
    }

    @Test func everySampleOfTheJobExists() {
        let expected = [
            "external-etcd.yaml", "ha-external-lb.yaml", "ha-two-load-balancers.yaml", "jump-host.yaml",
            "lab-debian.yaml", "lab.yaml", "single.yaml",
        ]
        #expect(Set(expected).isSubset(of: InventoryFixtures.names(in: InventoryFixtures.samples)))
    }

    @Test func defaultsAreTheNotes() throws {
        let spec = try InventoryFixtures.decode(Self.single).spec
        #expect(spec.name == "kubernetes-the-hard-way")
        #expect(spec.versions.kubernetes == KubernetesVersion(1, 36, 2))
        #expect(spec.network.serviceCIDR.description == "10.32.0.0/24")
        #expect(spec.network.clusterDNS.description == "10.32.0.10")
        #expect(spec.network.podCIDR.description == "10.200.0.0/16")
        #expect(spec.network.clusterDomain == "cluster.local")
        #expect(spec.network.nodePortRange == 30000...32767)
        #expect(spec.apiURL == "https://203.0.113.10:6443")
        #expect(spec.pki.directory == "/inventory/.provision/kubernetes-the-hard-way")
        #expect(spec.artifacts == ArtifactSpec(source: .upstream, lockFile: "/inventory/provision.lock"))
        #expect(spec.dns.replicas == 1)
        #expect(spec.hosts.count == 1)
        #expect(spec.hosts[0].roles == [.controller, .etcd, .worker])
        #expect(spec.hosts[0].podCIDR?.description == "10.200.0.0/24")
        #expect(spec.lab == nil)
    }

    @Test func debianLabIsTheNotesTopology() throws {
        let file = InventoryFixtures.samples.appending(path: "lab-debian.yaml")
        let context = InventoryFixtures.context
        let spec = try Inventory.decode(InventoryFixtures.bytes(file), path: "x", directory: "/i", context: context)
            .spec
        let hosts = spec.hosts.map { "\($0.name) \($0.internalAddress) \($0.podCIDR?.description ?? "-")" }
        #expect(
            hosts == [
                "lb-0 192.168.2.8 -", "controller-0 192.168.2.2 -", "controller-1 192.168.2.3 -",
                "controller-2 192.168.2.4 -", "worker-0 192.168.2.5 10.200.0.0/24",
                "worker-1 192.168.2.6 10.200.1.0/24",
                "worker-2 192.168.2.7 10.200.2.0/24", "client-0 192.168.2.9 -",
            ]
        )
        #expect(spec.apiURL == "https://192.168.2.8:6443")
        #expect(spec.hosts(.etcd).map(\.name) == ["controller-0", "controller-1", "controller-2"])
        #expect(spec.artifacts.source == .debian)
        #expect(spec.versions.kubernetes == KubernetesVersion(1, 20, 2))
        #expect(
            [spec.versions.etcd, spec.versions.containerd, spec.versions.runc, spec.versions.cniPlugins]
                == ["3.4.23", "1.6.20", "1.1.5", "1.1.1"]
        )
        #expect(spec.dns.provider == .dnsmasq && spec.features.encryption == .secretbox)
        #expect(
            spec.runtime
                == RuntimeSpec(
                    kind: .containerd,
                    cgroupDriver: .cgroupfs,
                    restrictOOMScoreAdj: true,
                    skipConntrackSysctls: true
                )
        )
        #expect(
            spec.images
                == ImageSpec(
                    pause: "provision.local/pause:1",
                    dns: "provision.local/dnsmasq:2.90",
                    smokeTest: "provision.local/nginx:1.22.1",
                    preload: true
                )
        )
        let ssh = spec.hosts[0].ssh
        #expect(ssh.user == "root" && ssh.privilege == .direct && !ssh.honourSSHConfig && !ssh.useAgent)
        #expect(ssh.identityFiles == ["/state/lab/key"] && ssh.knownHostsFiles == ["/state/lab/known_hosts"])
    }

    @Test func sshBlocksMergeKeyByKey() throws {
        let file = InventoryFixtures.samples.appending(path: "jump-host.yaml")
        let spec = try Inventory.decode(
            InventoryFixtures.bytes(file),
            path: "x",
            directory: "/i",
            context: InventoryFixtures.context
        ).spec
        let worker = try #require(spec.hosts.first { $0.name == "worker-0" })
        #expect(worker.ssh.port == 2200 && worker.ssh.user == "provisioner" && worker.ssh.privilege == .sudo)
        #expect(worker.ssh.identityFiles == ["/home/user/.ssh/id_ed25519"])
        #expect(worker.ssh.jumps.map(\.address) == ["bastion.example.org", "10.4.255.1"])
        #expect(worker.ssh.jumps.map(\.user) == ["jump", "ops"])
        #expect(worker.sshSecrets.sudoPassword == .file(path: "/home/user/.config/provision/sudo.password"))
        #expect(worker.nodeName == "worker-0.private.example.org")
        #expect(spec.hosts(.client).map(\.name) == ["workstation"])
    }

    private static let keySecrets: [(String, PKISpec.KeySecret)] = [
        ("passphrase: ask", .ask), ("passphraseFile: ca.secret", .firstLine(path: "/inventory/ca.secret")),
        ("keyFile: ca.secret", .file(path: "/inventory/ca.secret")), ("leafLifetime: 90d", .none),
    ]

    @Test(arguments: keySecrets)
    func keySecretsAreTyped(_ text: String, _ secret: PKISpec.KeySecret) throws {
        #expect(try InventoryFixtures.decode("pki: {\(text)}\n" + Self.single).spec.pki.keySecret == secret)
    }

    @Test func relayIsOnlyForThoseWhoAskForIt() throws {
        #expect(try !InventoryFixtures.decode(Self.single).spec.concurrency.relay)
        let spec = try InventoryFixtures.decode("concurrency: {relay: true}\n" + Self.single).spec
        #expect(spec.concurrency == ConcurrencySpec(hosts: 20, perJumpHost: 8, uploads: 4, relay: true))
    }

    @Test func hostSettingsAreStrongest() throws {
        let file = InventoryFixtures.samples.appending(path: "ha-external-lb.yaml")
        let spec = try Inventory.decode(
            InventoryFixtures.bytes(file),
            path: "x",
            directory: "/i",
            context: InventoryFixtures.context
        ).spec
        let pods = spec.hosts(.worker).map { $0.extraConfiguration[.kubelet]?["maxPods"] }
        #expect(pods == [150, 150, 40])
        #expect(spec.hosts(.worker)[0].labels == ["example.org/pool": "general", "topology.kubernetes.io/zone": "a"])
        #expect(spec.hosts(.worker)[2].taints == [HostSpec.Taint(key: "dedicated", value: "gpu", effect: "NoSchedule")])
        #expect(spec.hosts[0].extraFlags[.kubeAPIServer] == ["goaway-chance": "0.001"])
    }

    @Test func environmentValuesAreReplaced() throws {
        let text = "name: ${CLUSTER_NAME}\npki: {directory: \"~/${CLUSTER_NAME}/pki\"}\n" + Self.single
        let spec = try InventoryFixtures.decode(text).spec
        #expect(spec.name == "from-environment")
        #expect(spec.pki.directory == "/home/user/from-environment/pki")
    }

    @Test func replacedValuesAreCheckedToo() {
        var context = InventoryFixtures.context
        context.environment["N"] = "x; reboot"
        #expect(throws: InventoryProblems.self) {
            try InventoryFixtures.decode("name: ${N}\n" + Self.single, context: context)
        }
    }

    @Test func aliasesAndUnquotedVersionsWork() throws {
        let text = """
            apiVersion: provision/v1
            versions: {kubernetes: 1.30.10}
            ssh: {hostKeyPolicy: yes}
            hosts:
              loadBalancers: [{name: lb-0, address: 192.168.2.8}]
              controllers:
                - {name: a, address: 192.168.2.2, ssh: &ssh {user: admin, port: 2222}}
                - {name: b, address: 192.168.2.3, ssh: *ssh}
                - {name: c, address: 192.168.2.4, ssh: *ssh}
              workers: [a]
            """
        let spec = try InventoryFixtures.decode(text).spec
        #expect(spec.versions.kubernetes == KubernetesVersion(1, 30, 10))
        #expect(spec.hosts(.controller).map(\.ssh.port) == [2222, 2222, 2222])
    }

    @Test func templateDecodesAsItIs() throws {
        let spec = try InventoryFixtures.decode(InventoryTemplate().text).spec
        #expect(
            spec.hosts.map(\.name) == [
                "lb-0", "controller-0", "controller-1", "controller-2", "worker-0", "worker-1", "worker-2",
            ]
        )
        #expect(spec.apiURL == "https://192.168.2.8:6443")
        let other = InventoryTemplate(
            name: "one",
            loadBalancers: [],
            controllers: ["203.0.113.1"],
            workers: [],
            user: nil
        )
        #expect(try InventoryFixtures.decode(other.text).spec.name == "one")
        let two = InventoryTemplate(loadBalancers: ["192.168.2.8", "192.168.2.9"], virtualAddress: "192.168.2.10")
        #expect(try InventoryFixtures.decode(two.text).spec.apiURL == "https://192.168.2.10:6443")
    }

    @Test(arguments: [
        ("#   passphrase: ask  ", PKISpec.KeySecret.ask), ("#   passphraseFile: PATH", .firstLine(path: "/PATH")),
        ("#   keyFile: PATH", .file(path: "/PATH")),
    ])
    func `a comment of the template can be followed`(_ line: String, _ secret: PKISpec.KeySecret) throws {
        let followed = InventoryTemplate().text.replacing("# pki:", with: "pki:")
            .replacing(line, with: line.dropFirst().replacing("PATH", with: "/PATH"))
        #expect(try InventoryFixtures.decode(followed).spec.pki.keySecret == secret)
    }

    @Test func `services of the template's comment are some`() throws {
        let lines = ["# loadBalancer:", "#   services:", "#     - {name: nginx"]
        let followed = lines.reduce(InventoryTemplate().text) { text, line in
            text.replacing(line, with: line.dropFirst(2))
        }
        #expect(try InventoryFixtures.decode(followed).spec.loadBalancer.services.count == 1)
    }
}
