import ProvisionCore
import Testing

@Suite struct EtcdSituationTests {
    typealias Holding = EtcdSituation.Holding
    static let fresh = Holding.none(hadSome: false)
    static let lost = Holding.none(hadSome: true)

    static let cases: [([String: Holding], Bool, [String])] = [
        // A first apply, everybody reached: all found.
        (["a": fresh, "b": fresh, "c": fresh], false, []),
        // One was not reached at the first apply: the others found.
        (["a": fresh, "b": fresh, "c": Holding.unknown], false, []),
        // The same where a cluster is remembered: whoever is silent may hold its data.
        (["a": fresh, "b": fresh, "c": Holding.unknown], true, ["a", "b"]),
        // Growing, and a disk that is gone.
        (["a": Holding.data, "b": fresh, "c": fresh], true, ["b", "c"]),
        (["a": lost, "b": Holding.data, "c": Holding.data], true, ["a"]),
        (["a": fresh, "b": Holding.data, "c": Holding.unknown], false, ["a"]),
        // One that is stopped holds its data.
        (["a": Holding.stopped, "b": fresh], false, ["b"]),
        // A first apply that was cut off while members were founded: the founding goes on.
        (["a": Holding.founding, "b": fresh, "c": fresh], true, []),
        (["a": Holding.founding, "b": Holding.founding, "c": fresh], true, []),
        // Where one of them stood already, or somebody may, the others join.
        (["a": Holding.founding, "b": Holding.data, "c": fresh], true, ["c"]),
        (["a": Holding.founding, "b": Holding.unknown, "c": fresh], true, ["c"]),
        (["a": Holding.founding, "b": lost, "c": fresh], true, ["b", "c"]),
        // A member that runs elsewhere is there.
        (["a": Holding.elsewhere, "b": fresh], false, ["b"]),
        // All machines made anew, all reached: nothing is left of the old cluster.
        (["a": fresh, "b": fresh], true, []),
        (["a": Holding.data, "b": Holding.data], true, []),
    ]

    @Test(arguments: cases)
    func `only who has no data joins, and only where somebody may have some`(
        _ holdings: [String: Holding],
        _ wasApplied: Bool,
        _ joining: [String]
    ) {
        let situation = EtcdSituation(holdings, wasApplied: wasApplied)
        #expect(situation.joining.sorted() == joining)
        #expect(situation.refusal == nil)
    }

    @Test func `a cluster whose members have all lost their data is not founded again`() {
        let situation = EtcdSituation(["a": Self.lost, "b": Self.fresh], wasApplied: true)
        #expect(situation.joining.isEmpty)
        #expect(situation.refusal?.why.contains("(a, b)") == true)
    }

    @Test(arguments: [
        ("data new", Holding.founding), ("stopped new", .founding), ("data existing", .data),
        ("stopped existing", .stopped), ("data absent", .data), ("none new", fresh), ("none existing", lost),
        ("data overridden", .data),
    ])
    func `what a host holds is read with what its file says`(_ answer: String, _ holding: Holding) {
        #expect(Holding(answer: ProbeAnswer(text: answer)) == holding)
    }

    @Test func `a member that left the inventory may be the only one with data`() {
        let situation = EtcdSituation(["b": Self.fresh], wasApplied: true, former: ["192.168.2.2"])
        #expect(situation.joining == ["b"])
        #expect(situation.formerAddresses == ["192.168.2.2"])
    }
}
