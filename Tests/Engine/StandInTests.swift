import ProvisionCore
import Testing

@testable import ProvisionEngine

@Suite struct StandInTests {
    /// A controller with its answer about its mark; `nil`: it is not reached.
    private func lane(_ name: String, _ answer: String?) -> ObservedLane {
        let marker = MarkerResource(clusterID: "id", clusterName: "test", host: name)
        let lane = Plan.Lane(host: host(name), stages: [Stage("host", resources: [marker])])
        guard let answer else {
            let error = TransportError(code: .refused, host: name, attempted: "connect", reason: "down", remedy: "-")
            return ObservedLane(lane: lane, session: nil, answers: [], verdicts: [], failure: error)
        }
        let answers = [ProbeAnswer(text: answer)]
        let verdicts = Observation.judge(lane.resources, answers: answers)
        return ObservedLane(lane: lane, session: nil, answers: answers, verdicts: verdicts, failure: nil)
    }

    private static let cases: [([String?], String?)] = [
        (["marked id", "marked id", "marked id"], nil), (["free", "marked id", "marked id"], nil),
        ([nil, "marked id", "marked id"], "b"), ([nil, nil, "marked id"], "c"), ([nil, "free", "marked id"], "c"),
        ([nil, "marked other", "free"], nil), ([nil, nil, nil], nil),
    ]

    @Test(arguments: cases)
    func `the first member that answers stands in for a first controller that does not`(
        _ answers: [String?],
        _ standIn: String?
    ) {
        let names = ["a", "b", "c"]
        let lanes = zip(names, answers).map { lane($0, $1) }
        #expect(lanes.standIn(among: names.map { host($0) }) == standIn)
    }

    @Test func `nobody stands in for a host that is left out`() {
        #expect([lane("b", "marked id")].standIn(among: [host("a"), host("b")]) == nil)
    }
}
