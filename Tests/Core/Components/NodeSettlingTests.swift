import Foundation
import ProvisionCore
import Testing

/// The wait for the cluster's own pods once a node is Ready, as the node's shell does it.
@Suite struct NodeSettlingTests {
    /// How often it looked, on a machine that is up since noon.
    private func looks(_ pods: String) async throws -> Int {
        let sample = try await SamplePlan.make("lab-debian.yaml")
        let lane = try #require(sample.plan.lanes.first { $0.host.name == "worker-0" })
        let health = try #require(lane.resources.compactMap { $0 as? CommandResource }.first { $0.id == "health:node" })
        let start = try #require(health.action.script.range(of: "settled() {"))
        let standIns = """
            looks=$(mktemp)
            sleep() { :; }; timeout() { shift; "$@"; }; systemctl() { echo "Mon 2026-01-05 12:00:00 UTC"; }
            kubectl() { echo x >> $looks; n=$(wc -l < $looks); \(pods); }
            """
        let script = "\(health.action.script[start.lowerBound...])\nwc -l < $looks; rm $looks"
        let answer = try LocalShell.run(script, standIns: standIns)
        #expect(answer.status == 0)
        return try #require(Int(answer.text))
    }

    @Test(arguments: [
        ("echo 'True 2026-01-05T12:00:07Z'", 1), (":", 1),
        // Ready on paper only, then on the way, then as it runs now.
        (
            "case $n in 1) echo 'True 2026-01-04T09:00:00Z';; 2) echo 'False 1970-01-01';; *) echo 'True 2026-01-05T12:00:07Z';; esac",
            3
        ),
        ("[ $n -gt 1 ]", 2), ("echo 'False 2026-01-05T12:00:07Z'", 46),
    ])
    func `pods of before a power cut are waited for, and not without end`(_ pods: String, _ looks: Int) async throws {
        #expect(try await self.looks(pods) == looks)
    }
}
