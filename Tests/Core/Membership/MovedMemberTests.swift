import Templates
import Testing

@testable import ProvisionCore

@Suite struct MovedMemberTests {
    private static let address = "192.168.2.99"

    /// The sample with one host at another address.
    private func moved(_ name: String, _ sample: String = "lab-debian.yaml") throws -> ClusterSpec {
        var spec = try SamplePlan.spec(sample)
        let index = try #require(spec.hosts.firstIndex { $0.name == name })
        spec.hosts[index].internalAddress = try #require(IPv4Address(Self.address))
        return spec
    }

    private func record(_ sample: String = "lab-debian.yaml") throws -> MembershipRecord {
        MembershipRecord(clusterID: "7f3c").after(try SamplePlan.spec(sample).hosts, machines: [:], gone: [])
    }

    @Test(arguments: [
        ("lab-debian.yaml", "controller-1", "192.168.2.3"), ("external-etcd.yaml", "etcd-2", "10.3.0.33"),
        ("external-etcd.yaml", "controller-0", "10.3.0.11"),
    ])
    func `a member of etcd or an API server at another address is seen`(
        _ sample: String,
        _ name: String,
        _ old: String
    ) throws {
        let found = MovedMember.all(in: try moved(name, sample), record: try record(sample))
        #expect(found.map(\.host) == [name])
        #expect(found.map(\.old.description) == [old] && found.map(\.new.description) == [Self.address])
    }

    @Test(arguments: ["worker-1", "lb-0", "client-0"])
    func `others may move`(_ name: String) throws {
        #expect(MovedMember.all(in: try moved(name), record: try record()).isEmpty)
    }

    @Test func `who loses those roles in the same edit does not move either`() throws {
        var spec = try moved("controller-2")
        let index = try #require(spec.hosts.firstIndex { $0.name == "controller-2" })
        spec.hosts[index].roles = [.worker]
        #expect(MovedMember.all(in: spec, record: try record()).map(\.host) == ["controller-2"])
    }

    @Test func `a new way to a host is none to its place`() throws {
        var spec = try SamplePlan.spec("lab-debian.yaml")
        for index in spec.hosts.indices { spec.hosts[index].ssh.address = "203.0.113.\(index + 1)" }
        #expect(MovedMember.all(in: spec, record: try record()).isEmpty)
    }

    @Test func `a record that knows no address says nothing, nor does none`() throws {
        var record = try record()
        for index in record.members.indices { record.members[index].address = "" }
        #expect(MovedMember.all(in: try moved("controller-1"), record: record).isEmpty)
        #expect(MovedMember.all(in: try moved("controller-1"), record: nil).isEmpty)
    }

    @Test func `who was taken out comes back wherever it is`() throws {
        let left = try record().after([], machines: [:], gone: ["controller-1"])
        #expect(left.left.map(\.name) == ["controller-1"])
        #expect(MovedMember.all(in: try moved("controller-1"), record: left).isEmpty)
    }

    @Test func `a restore puts members where the inventory says`() throws {
        let spec = try moved("controller-1")
        #expect(MovedMember.all(in: spec, record: try record().restored(to: spec.hosts)).isEmpty)
    }

    @Test func `the refusal names hosts, both addresses and every way out`() throws {
        var spec = try moved("controller-1")
        let index = try #require(spec.hosts.firstIndex { $0.name == "controller-2" })
        spec.hosts[index].internalAddress = try #require(IPv4Address("192.168.2.98"))
        let found = MovedMember.all(in: spec, record: try record())
        let refusal = try #require(MovedMember.refusal(found, inventory: "i.yaml"))
        for words in [
            "controller-1 had the internal address 192.168.2.3, and has 192.168.2.99",
            "controller-2 had the internal address 192.168.2.4, and has 192.168.2.98", "[membership.address-changed]",
        ] {
            #expect(refusal.why.contains(words), "\(refusal.why)")
        }
        for words in [
            "take it out of the inventory, provision apply i.yaml", "provision backup restore FILE i.yaml",
            "as after a first apply that failed, or with machines that were made anew: provision teardown i.yaml, then apply",
        ] {
            #expect(refusal.remedy.contains(words), "\(refusal.remedy)")
        }
        #expect(MovedMember.refusal([], inventory: "i.yaml") == nil)
    }
}
