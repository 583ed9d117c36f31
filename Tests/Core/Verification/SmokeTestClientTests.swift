import Templates
import Testing

@testable import ProvisionCore

/// The checks of a client, as its shell runs them, with a cluster that is only acted.
@Suite struct SmokeTestClientTests {
    private func test(service: Bool) throws -> SmokeTest {
        var spec = try SamplePlan.spec("lab-debian.yaml")
        spec.loadBalancer.services = service ? [.init(name: "nginx", port: 80, nodePort: 30080)] : []
        return SmokeTest(spec: spec)
    }

    /// Runs a client's checks one after another, with what `curl` ends with.
    private func run(_ test: SmokeTest, port: Int = 30080, curl: String) throws -> [(status: Int32, text: String)] {
        let standIns = """
            sleep() { exit 3; }
            timeout() { shift; "$@"; }
            kubectl() { case "$*" in "--kubeconfig /root/.kube/config "*" get service nginx "*) echo \(port);; esac; }
            curl() { for last; do :; done; echo "curl $last"; \(curl); }
            """
        return try test.clientChecks.map { try LocalShell.run("\(standIns)\n\($0.text)") }
    }

    @Test func `each client of the inventory is asked`() throws {
        let test = try test(service: false)
        #expect(test.clients.map(\.name) == ["client-0"] && test.clientChecks.map(\.id) == ["client.nodeport"])
        #expect(!test.skipped.contains { $0.contains("client") })
    }

    @Test func `the page is fetched from every node, or through the load balancer that has it`() throws {
        let test = try test(service: false)
        let result = try run(test, curl: "true")[0]
        #expect(result.status == 0)
        for worker in test.spec.hosts(.worker).map(\.internalAddress.description) {
            #expect(result.text.contains("curl http://\(worker):30080/"))
        }
        let results = try run(try self.test(service: true), curl: "true")
        #expect(results.map(\.status) == [0])
        #expect(results[0].text.contains("http://\(test.spec.endpoint.address):80/ answers"))
    }

    @Test func `a node that does not answer fails`() throws {
        let result = try run(try test(service: false), curl: "return 28")[0]
        #expect(result.status == 1 && result.text.contains(":30080 does not answer"))
    }

    @Test(arguments: [(30080, 22, 3), (31000, 22, 0), (31000, 7, 3)])
    func `somebody's own service behind the load balancer need only answer`(
        _ port: Int,
        _ code: Int,
        _ status: Int32
    ) throws {
        let curl = "case $last in *:80/) return \(code);; esac"
        #expect(try run(try test(service: true), port: port, curl: curl)[0].status == status)
    }
}
