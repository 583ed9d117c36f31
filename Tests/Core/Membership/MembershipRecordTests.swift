import Foundation
import Templates
import Testing

@testable import ProvisionCore

@Suite struct MembershipRecordTests {
    @Test func `what a run is to change is known before it, with the roles that it is to lose`() throws {
        let all = try MembershipFixtures.lab()
        var spec = all
        let index = try #require(spec.hosts.firstIndex { $0.name == "controller-2" })
        spec.hosts[index].roles = [.worker]
        let first = MembershipRecord(clusterID: "7f3c").before(all.hosts, machines: ["controller-2": "old"])
        #expect(first.hasEtcd && first.members.count == all.hosts.count)
        let second = first.before(spec.hosts, machines: ["controller-2": "new"])
        let member = try #require(second.members.first { $0.name == "controller-2" })
        #expect(member.roleSet == [.controller, .etcd, .worker] && member.machineID == "old")
    }

    @Test func `a host is reached from the record as from its inventory, secrets left out`() throws {
        var host = try #require(try MembershipFixtures.lab().hosts.first)
        host.ssh.jumps = [SSHEndpoint(name: "jump", address: "203.0.113.1", port: 2222, user: "me")]
        host.ssh.privilege = .sudo
        host.ssh.passphrase = Secret("hidden")
        host.sshSecrets = SSHSecretSources(
            passphraseFile: "/k",
            sudoPassword: .file(path: "/p"),
            jumpPassphraseFiles: ["/j"]
        )
        let bytes = try JSONEncoder().encode(ClusterMember(host, machineID: "id"))
        #expect(!String(decoding: bytes, as: UTF8.self).contains("hidden"))
        let back = try #require(try JSONDecoder().decode(ClusterMember.self, from: bytes).host)
        host.ssh.passphrase = nil
        #expect(back.ssh == host.ssh && back.sshSecrets == host.sshSecrets)
        #expect(back.roles == host.roles && back.internalAddress == host.internalAddress)
    }

    @Test func `after a restore only the hosts that it was put on are known, each where it is now`() throws {
        let record = try MembershipFixtures.record()
        var clone = try MembershipFixtures.lab(without: ["worker-1", "worker-2"])
        let moved = try #require(clone.hosts.firstIndex { $0.name == "controller-0" })
        clone.hosts[moved].internalAddress = try #require(IPv4Address("10.9.9.9"))
        clone.hosts[moved].ssh.address = "10.9.9.9"
        clone.hosts[moved].roles = [.controller]
        #expect(record.unknown(to: clone.hosts) == ["worker-1", "worker-2"])
        #expect(record.former(clone).map(\.name) == ["worker-1", "worker-2"], "they would be taken down with it")
        let restored = record.restored(to: clone.hosts)
        #expect(restored.former(clone).isEmpty && Departures(clone, record: restored, truth: ClusterTruth()).isEmpty)
        let members = Dictionary(uniqueKeysWithValues: restored.members.map { ($0.name, $0) })
        #expect(members["controller-0"]?.ssh.address == "10.9.9.9" && members["controller-0"]?.machineID == nil)
        #expect(members["controller-1"]?.machineID == "id-of-controller-1")
        #expect(restored.podNetworks["worker-0"] == record.podNetworks["worker-0"])
        #expect(restored.clusterID == record.clusterID)
    }

    @Test func `what was not part of a run stays as it was`() throws {
        let record = try MembershipFixtures.record()
        let hosts = try MembershipFixtures.lab().hosts.filter { $0.name == "worker-0" }
        let after = record.after(hosts, machines: ["worker-0": "new"], gone: [])
        #expect(after.members.count == record.members.count)
        #expect(after.members.first { $0.name == "worker-0" }?.machineID == "new")
        #expect(after.members.first { $0.name == "worker-1" }?.machineID == "id-of-worker-1")
        #expect(after.forgetting(["worker-1"]).members.count == record.members.count - 1)
    }

    @Test func `a worker keeps its pod network when another one leaves`() throws {
        let inventory = { (names: [String]) in
            """
            apiVersion: provision/v1
            hosts:
              controllers: [{ name: c-0, address: 10.0.0.2 }]
              workers:
            \(names.enumerated().map { "    - { name: \($1), address: 10.0.0.1\(String($1.last ?? "0")) }" }.joined(separator: "\n"))
            """
        }
        let before = try InventoryFixtures.decode(inventory(["w-0", "w-1", "w-2"])).spec
        let record = MembershipRecord(clusterID: "x").after(before.hosts, machines: [:], gone: [])
        var context = InventoryFixtures.context
        context.podNetworks = { _ in record.podNetworks }
        let after = try InventoryFixtures.decode(inventory(["w-1", "w-2", "w-3"]), context: context).spec
        let networks = Dictionary(uniqueKeysWithValues: after.hosts(.worker).map { ($0.name, $0.podCIDR?.description) })
        #expect(networks["w-1"] == "10.200.1.0/24" && networks["w-2"] == "10.200.2.0/24")
        #expect(Set(networks.values).count == 3)
    }
}
