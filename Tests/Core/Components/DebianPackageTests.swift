import ProvisionCore
import Testing

@Suite struct DebianPackageTests {
    private func haproxy(_ sample: String) async throws -> any Resource {
        let plan = try await SampleMaterials.shared.plan(sample)
        return try #require(plan.lanes.flatMap(\.resources).first { $0.id == "package:haproxy" })
    }

    @Test func `apply removes nothing for a package, and says what is in the way`() async throws {
        let host = try AptHost(["balance": "1"], foreseen: "Remv balance [1]\nRemv pen [1]\nInst haproxy (2.6 Debian)")
        defer { host.remove() }
        let run = try host.act(try await haproxy("ha-two-load-balancers.yaml"))
        #expect(run.status == 8)
        #expect(
            run.text
                == "apt would remove balance pen for haproxy; if they may go, on this host: apt-get remove balance pen"
        )
        #expect(host.calls.isEmpty)
    }

    @Test func `apt itself refuses what was not foreseen`() async throws {
        let scripts = try await haproxy("ha-two-load-balancers.yaml").scripts("", status: 1)
        #expect(scripts.contains { $0.contains(" install -y --no-remove ") })
        let sent = try await haproxy("lab-debian.yaml").scripts("", status: 1)
        #expect(!sent.contains { $0.contains("apt-get") })
    }
}
