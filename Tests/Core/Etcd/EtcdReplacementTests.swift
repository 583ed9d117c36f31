import Testing

@testable import ProvisionCore

/// What is said before a member is replaced, from what its host and the others answer.
@Suite struct EtcdReplacementTests {
    /// What a healthy member of so many says.
    private static func well(_ index: Int, of count: Int = 3, leads: Bool = false, health: String = "true") -> String {
        let known = (0..<count).map { other in
            #"{"ID":\#(other + 1),"name":"controller-\#(other)","peerURLs":["https://192.168.2.\#(other + 2):2380"]}"#
        }
        return """
            unit active
            health \(health)
            status [{"Status":{"header":{"cluster_id":7,"member_id":\(index + 1)},"leader":\(leads ? index + 1 : 9)}}]
            members {"members":[\(known.joined(separator: ","))]}
            """
    }

    /// `controller-1` is replaced; `nil` is a host that is not reached.
    private static func replacement(_ answers: [String?]) throws -> EtcdReplacement {
        let spec = try MembershipFixtures.lab()
        let hosts = spec.hosts(.etcd).prefix(answers.count)
        let members = zip(hosts, answers).map { host, answer in
            answer.map { EtcdMember(host, answer: $0) } ?? EtcdMember(host, failure: "no route")
        }
        let host = try #require(hosts.first { $0.name == "controller-1" })
        return EtcdReplacement(of: host, in: spec, seen: EtcdOverview(members: members))
    }

    @Test func `every step is said in its order, the leader's office too`() throws {
        let replacement = try Self.replacement([Self.well(0), Self.well(1, leads: true), Self.well(2)])
        #expect(
            replacement.steps == [
                "one of controller-0, controller-2  saves a snapshot: "
                    + "/var/lib/provision/snapshots/before-removal-of-controller-1.db",
                "controller-1  passes the leadership on",
                "controller-1  is taken out of etcd, which goes on with 2 members",
                "controller-1  etcd stopped, its data deleted: /var/lib/etcd/member",
                "controller-1  everything else as apply would put it",
                "controller-1  joins as a learner, gets all data from controller-0, controller-2, then its vote",
            ]
        )
        #expect(replacement.refusal("i.yaml") == nil)
    }

    @Test func `a damaged member is replaced while the others are enough`() throws {
        let replacement = try Self.replacement([Self.well(0, leads: true), "unit failed", Self.well(2)])
        #expect(replacement.steps.count == 5)
        #expect(replacement.refusal("i.yaml") == nil)
    }

    @Test func `of one that was taken out already only its data goes`() throws {
        let gone = #"{"ID":2,"name":"controller-1","peerURLs":["https://192.168.2.3:2380"]},"#
        let others = [0, 2].map { Self.well($0).replacing(gone, with: "") }
        let replacement = try Self.replacement([others[0], "unit inactive", others[1]])
        #expect(replacement.steps.first == "controller-1  etcd stopped, its data deleted: /var/lib/etcd/member")
        #expect(replacement.refusal("i.yaml") == nil)
    }

    @Test(
        arguments: [
            ([well(0), nil, well(2)], "controller-1 is not reached"),
            ([well(0), "unit failed", "unit failed"], "without controller-1 etcd has 2 members and needs 2"),
            ([well(0), "unit failed", well(2, health: "false")], "needs 2 of them healthy, and 1 is"),
            (["unit failed", "unit failed", nil], "no other member of etcd answers"),
            ([well(0, of: 2), "unit failed"], "1 of 2 members are healthy, and 2 are needed"),
        ] as [([String?], String)]
    )
    func `what the others could not bear is refused before anybody is asked`(
        _ answers: [String?],
        _ words: String
    ) throws {
        let refusal = try #require(try Self.replacement(answers).refusal("i.yaml"))
        #expect(refusal.why.contains(words), "\(refusal.why)")
    }

    @Test func `the only member keeps its data`() throws {
        var spec = try MembershipFixtures.lab()
        let host = try #require(spec.hosts(.etcd).first)
        spec.hosts = [host]
        let overview = EtcdOverview(members: [EtcdMember(host, answer: Self.well(0, of: 1))])
        let refusal = EtcdReplacement(of: host, in: spec, seen: overview).refusal("i.yaml")
        #expect(refusal?.why.contains("only member") == true)
    }
}
