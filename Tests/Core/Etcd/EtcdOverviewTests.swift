import ProvisionCore
import Testing

@Suite struct EtcdOverviewTests {
    private static let ids: [UInt64] = [10_501_334_649_042_878_790, 2, 3]

    /// What `EtcdScripts.status` prints on a host, as etcdctl 3.4.23 says it.
    private static func answer(
        _ index: Int,
        leader: Int? = 0,
        healthy: Bool = true,
        revision: Int = 40,
        members: Int = 3,
        errors: String = "[]",
        learner: Int? = nil
    ) -> String {
        let known = (0..<members).map { other in
            #"{"ID":\#(ids[other]),"name":"controller-\#(other)","peerURLs":["https://192.168.2.\#(other + 2):2380"]\#(other == learner ? #","isLearner":true"# : "")}"#
        }
        let leaderID = leader.map { ids[$0] } ?? 0
        return """
            unit active
            \(healthy ? "health true" : "")
            status [{"Endpoint":"https://x:2379","Status":{"header":{"cluster_id":14841639068965178418,"member_id":\(ids[index]),"revision":\(revision),"raft_term":2},"version":"3.4.23","dbSize":20480,"leader":\(leaderID),"raftIndex":5,"raftTerm":2,"raftAppliedIndex":5,"dbSizeInUse":16384,"errors":\(errors)\(index == learner ? #","isLearner":true"# : "")}}]
            members {"header":{},"members":[\(known.joined(separator: ","))]}
            """
    }

    private static func overview(_ answers: [String?]) throws -> EtcdOverview {
        let hosts = try SamplePlan.spec("lab-debian.yaml").hosts(.etcd)
        return EtcdOverview(
            members: zip(hosts, answers).map { host, answer in
                answer.map { EtcdMember(host, answer: $0) } ?? EtcdMember(host, failure: "no route")
            }
        )
    }

    @Test func `three healthy members may lose one`() throws {
        let overview = try Self.overview((0..<3).map { Self.answer($0) })
        #expect(overview.words == "3 of 3 members healthy; 1 may fail")
        #expect(overview.isWell && overview.refusal == nil)
        #expect(overview.leader?.host == "controller-0")
        #expect(overview.rollingOrder.map(\.host) == ["controller-1", "controller-2", "controller-0"])
        #expect(overview.members[0].status?.id == 10_501_334_649_042_878_790)
        #expect(overview.members[0].status?.sizeInUse == 16_384)
    }

    @Test func `two of three may lose none, and nothing more may stop`() throws {
        let overview = try Self.overview([Self.answer(0), Self.answer(1), "unit failed"])
        #expect(overview.words == "2 of 3 members healthy; none more may fail; not healthy: controller-2")
        #expect(overview.hasQuorum && !overview.isWell && overview.refusal != nil)
    }

    @Test func `one of three is no quorum, and what it holds is known`() throws {
        let stored = #"stored {"hash":1729428979,"revision":44,"totalKey":5,"totalSize":20480}"#
        let overview = try Self.overview([
            Self.answer(0, leader: nil, healthy: false, revision: 41, errors: #"["etcdserver: no leader"]"#),
            "unit inactive\n\(stored)", nil,
        ])
        #expect(overview.words.hasPrefix("NO QUORUM: 0 of 3 members healthy, 2 needed"))
        #expect(overview.revision == 44)
        #expect(overview.snapshotSource == nil)
        #expect(overview.problems == ["controller-2 was not reached: no route"])
    }

    @Test func `alarms are named with what to do`() throws {
        let full = Self.answer(1, errors: #"["memberID:2 alarm:NOSPACE "]"#)
        let overview = try Self.overview([Self.answer(0), full, Self.answer(2)])
        #expect(overview.members[1].alarms == ["NOSPACE"])
        #expect(!overview.isWell)
        #expect(overview.problems.first?.contains("defrag --disarm") == true)
    }

    @Test func `members without space have their part in the quorum, or they could never be given space`() throws {
        let full = #"["memberID:1 alarm:NOSPACE "]"#
        let overview = try Self.overview((0..<3).map { Self.answer($0, healthy: false, errors: full) })
        #expect(overview.hasQuorum && overview.refusal == nil && overview.snapshotSource != nil && !overview.isWell)
        #expect(overview.problems.count == 3)
        let corrupt = #"["memberID:1 alarm:CORRUPT "]"#
        let torn = try Self.overview((0..<3).map { Self.answer($0, healthy: false, errors: corrupt) })
        #expect(!torn.hasQuorum)
    }

    @Test func `a snapshot comes from the most advanced follower`() throws {
        let overview = try Self.overview([
            Self.answer(0, revision: 50), Self.answer(1, revision: 48), Self.answer(2, revision: 49),
        ])
        #expect(overview.snapshotSource?.host == "controller-2")
    }

    @Test func `a learner counts for nothing`() throws {
        let overview = try Self.overview((0..<3).map { Self.answer($0, learner: 2) })
        #expect(overview.voters == 2 && overview.majority == 2 && overview.healthy.count == 2)
        #expect(overview.words == "2 of 2 members healthy; none may fail")
    }

    @Test func `a member that the inventory does not have is named`() throws {
        var spec = try SamplePlan.spec("lab-debian.yaml")
        spec.hosts.removeAll { $0.name == "controller-2" }
        let members = zip(spec.hosts(.etcd), 0...).map { EtcdMember($0, answer: Self.answer($1)) }
        let overview = EtcdOverview(members: members)
        #expect(overview.problems == ["etcd knows the member controller-2 (3), which the inventory does not have"])
        #expect(overview.words == "2 of 3 members healthy; none may fail")
        #expect(overview.refusal != nil)
    }

    @Test func `a snapshot on a host is read from its last four lines`() {
        let sha = String(repeating: "a", count: 64)
        let answer =
            "noise\n/var/lib/provision/snapshots/x.db\n20480\n\(sha)\n{\"hash\":17,\"revision\":2,\"totalKey\":5,\"totalSize\":20480}"
        let snapshot = HostSnapshot(answer: answer)
        #expect(snapshot?.path == "/var/lib/provision/snapshots/x.db")
        #expect(snapshot?.content == EtcdSnapshot(revision: 2, hash: 17, totalKeys: 5, totalSize: 20480))
        #expect(HostSnapshot(answer: "x\n1\n2") == nil)
    }
}
