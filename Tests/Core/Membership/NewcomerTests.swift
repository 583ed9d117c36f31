import ProvisionCore
import Testing

@Suite struct NewcomerTests {
    private func newcomers(
        _ record: MembershipRecord?,
        _ marks: [String: Newcomer.Mark] = [:],
        without names: Set<String> = []
    ) throws -> [String] {
        let spec = try MembershipFixtures.lab(without: names)
        let own = Dictionary(spec.hosts.map { ($0.name, Newcomer.Mark.own) }) { first, _ in first }
        return Newcomer.all(in: spec, record: record, marks: own.merging(marks) { $1 }).map(\.words)
    }

    private func record(without names: Set<String>) throws -> MembershipRecord {
        try MembershipFixtures.record().forgetting(names)
    }

    @Test func `where everybody is a member nobody joins, also a machine that was made anew`() throws {
        #expect(try newcomers(try MembershipFixtures.record()) == [])
        #expect(try newcomers(try MembershipFixtures.record(), ["controller-1": .absent]) == [])
        #expect(try newcomers(try MembershipFixtures.record(), ["controller-1": .unseen]) == [])
        #expect(try newcomers(nil) == [])
    }

    @Test func `a controller joins, a worker and a load balancer do not count`() throws {
        let names = ["controller-2", "worker-2", "lb-0"]
        let marks = Dictionary(uniqueKeysWithValues: names.map { ($0, Newcomer.Mark.absent) })
        #expect(try newcomers(try record(without: Set(names)), marks) == ["controller-2 as etcd and controller"])
        #expect(try newcomers(nil, marks) == ["controller-2 as etcd and controller"])
    }

    @Test func `who is not reached joins where a record does not know him`() throws {
        let joining = try newcomers(try record(without: ["controller-2"]), ["controller-2": .unseen])
        #expect(joining == ["controller-2 as etcd and controller"])
        #expect(try newcomers(nil, ["controller-2": .unseen]) == [])
    }

    @Test func `a member takes another role`() throws {
        var record = try MembershipFixtures.record()
        let index = try #require(record.members.firstIndex { $0.name == "controller-2" })
        record.members[index].roles = ["controller"]
        #expect(try newcomers(record) == ["controller-2 as etcd"])
    }

    @Test func `who was taken out joins again, although he keeps the mark`() throws {
        let hosts = try MembershipFixtures.lab(without: ["controller-2"]).hosts
        let record = try MembershipFixtures.record().after(hosts, machines: [:], gone: ["controller-2"])
        #expect(try newcomers(record) == ["controller-2 as etcd and controller"])
    }

    @Test func `whoever leaves joins nothing, and another one in his place does`() throws {
        let record = try MembershipFixtures.record()
        #expect(try newcomers(record, without: ["controller-1", "worker-0"]) == [])
        let others = try self.record(without: ["controller-2"])
        let joining = try newcomers(others, ["controller-2": .absent], without: ["controller-0", "controller-1"])
        #expect(joining == ["controller-2 as etcd and controller"])
    }

    @Test func `a cluster that is founded is joined by nobody`() throws {
        let hosts = try MembershipFixtures.lab().hosts
        let marks = Dictionary(hosts.map { ($0.name, Newcomer.Mark.absent) }) { first, _ in first }
        #expect(try newcomers(nil, marks) == [])
        #expect(try newcomers(MembershipRecord(clusterID: "7f3c"), marks) == [])
    }

    @Test func `a host that a limited run leaves out does not join`() throws {
        let spec = try MembershipFixtures.lab()
        let known = try record(without: ["controller-2"])
        #expect(Newcomer.all(in: spec, record: known, marks: ["worker-0": .own]) == [])
    }
}
