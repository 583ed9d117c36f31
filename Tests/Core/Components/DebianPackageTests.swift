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

    @Test func `the group that docker's removal leaves behind is noted before it is made`() async throws {
        var sample = try await SamplePlan.make("lab-debian.yaml")
        sample.spec.runtime.kind = .docker
        let docker = try #require(sample.plan.lanes.flatMap(\.resources).first { $0.id == "package:docker" })
        let script = try #require(docker.scripts("", status: 1).first)
        let noted = try #require(script.firstRange(of: "note created group:docker"))
        let installed = try #require(script.firstRange(of: "install -y --no-remove"))
        #expect(noted.lowerBound < installed.lowerBound)
    }
}
