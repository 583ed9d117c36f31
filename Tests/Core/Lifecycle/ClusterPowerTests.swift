import Foundation
import ProvisionCore
import Testing

@Suite struct ClusterPowerTests {
    private func outline(_ phases: [ClusterPower.Phase]) -> String {
        phases.map { phase in
            let lanes = phase.plan.lanes.map { "  \($0.host.name): \($0.resources.map(\.id).joined(separator: " "))" }
            return ([phase.name] + lanes).joined(separator: "\n")
        }.joined(separator: "\n")
    }

    @Test func `etcd goes last and comes first`() async throws {
        let power = ClusterPower(plan: try await SampleMaterials.shared.plan("lab-debian.yaml"))
        let text = "stop\n\(outline(power.stopping))\nstart\n\(outline(power.starting))\n"
        let golden = InventoryFixtures.core.appending(path: "Golden/lifecycle/power.txt")
        #expect(try InventoryFixtures.matchesGolden(text, golden), "\(text)")
        #expect(power.stopping.last?.name == "etcd" && power.starting.first?.name == "etcd")
        for lane in (power.stopping + power.starting).flatMap(\.plan.lanes) {
            let script = HostScript(nonce: "n").applying(
                lane.resources.flatMap { $0.verdict(for: ProbeAnswer(status: 1, text: "free"), changed: []).actions },
                thenProbing: lane.resources
            )
            #expect(try LocalShell.reads(script))
        }
    }

    @Test func `a host that is nobody's is refused`() async throws {
        let power = ClusterPower(plan: try await SampleMaterials.shared.plan("lab-debian.yaml"))
        let marker = try #require(power.starting.first?.plan.lanes.first?.resources.first)
        #expect(marker.outline("free") == "refused: the host belongs to no cluster")
    }
}
