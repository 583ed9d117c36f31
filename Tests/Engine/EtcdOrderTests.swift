import ProvisionCore
import ProvisionEngine
import Testing

@Suite struct EtcdOrderTests {
    private func member(_ name: String, _ says: String, needs: [Gate] = [], opens: [Gate] = []) -> ObservedLane {
        let voter = CommandResource(
            id: "etcd-voter",
            title: "",
            reason: "",
            check: "",
            action: Action(kind: .run, title: "", script: "")
        )
        var lane = ObservedLane(host(name))
        lane.lane.stages = [
            Stage("host", needs: needs, resources: []), Stage("etcd", rolling: .etcd, resources: [voter]),
            Stage("apiserver", opens: opens, resources: []),
        ]
        lane.answers = [ProbeAnswer(text: says)]
        return lane
    }

    @Test(arguments: [
        ("follows leads follows", "m0 m2"), ("follows follows", ""), ("leads", ""),
        // Two say so while the office changes hands.
        ("leads leads follows", ""),
    ])
    func `followers go before the leader`(_ answers: String, _ first: String) {
        let lanes = answers.split(separator: " ").enumerated().map { member("m\($0.offset)", String($0.element)) }
        #expect(EtcdOrder.followers(lanes).sorted().joined(separator: " ") == first)
    }

    @Test func `who did not answer is no leader, and who has no member is left alone`() {
        var silent = member("m1", "")
        silent.answers = []
        let lanes = [member("m0", "leads"), silent, ObservedLane(host("worker"))]
        #expect(EtcdOrder.followers(lanes) == ["m1"])
    }

    @Test func `where a follower waits for what the leader does after its turn, nobody has to be first`() {
        let gate = Gate(rawValue: "somebody.upgraded")
        let lanes = [member("m0", "leads", opens: [gate]), member("m1", "is no learner", needs: [gate])]
        #expect(EtcdOrder.followers(lanes) == [])
        let free = [member("m0", "leads", needs: [.etcdQuorum], opens: [gate]), member("m1", "is no learner")]
        #expect(EtcdOrder.followers(free) == ["m1"])
    }
}
