import Foundation
import ProvisionCore
import Testing

/// Checks as a controller runs them, with workers and pods that are only acted.
@Suite struct SmokeTestTests {
    private func check(_ id: String, workers: Int) throws -> SmokeCheck {
        var spec = try SamplePlan.spec("lab-debian.yaml")
        let worker = try #require(spec.hosts(.worker).first)
        spec.hosts.removeAll { $0.has(.worker) }
        spec.hosts += (0..<workers).map { index in
            var host = worker
            host.name = "worker-\(index)"
            return host
        }
        return try #require(SmokeTest(spec: spec).checks.first { $0.id == id })
    }

    /// Runs a check; pods reach every address but `dead`.
    private func run(
        _ id: String,
        workers: Int,
        dead: String = "nothing"
    ) throws -> (status: Int32, text: String, execs: Int) {
        let folder = NSTemporaryDirectory() + "provision-smoke-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let curl = "#!/bin/sh\nfor a; do last=$a; done\ncase $last in *\(dead)*) exit 28;; esac\n"
        _ = FileManager.default.createFile(
            atPath: folder + "/curl",
            contents: Data(curl.utf8),
            attributes: [.posixPermissions: 0o755]
        )
        let standIns = """
            curl() { :; }
            kubectl() {
            case "$*" in
            *nodeName*) for i in $(seq 0 \(workers - 1)); do echo "probe-$i=worker-$i"; done;;
            *podIP*) for i in $(seq 0 \(workers - 1)); do printf '10.200.%s.2 ' $i; done;;
            *exec*) echo x >> \(folder)/execs; while [ "$1" != -- ]; do shift; done; shift; env PATH=\(folder):$PATH "$@";;
            esac; }
            """
        let check = try check(id, workers: workers)
        let result = try LocalShell.run("\(standIns)\n\(check.text)")
        let execs = (try? String(contentsOfFile: folder + "/execs", encoding: .utf8)) ?? ""
        return (result.status, result.text, execs.split(separator: "\n").count)
    }

    @Test(arguments: [1, 8, 20])
    func `each pod calls all the others in one go`(_ workers: Int) throws {
        let result = try run("routes", workers: workers)
        #expect(result.status == 0 && result.execs == workers, "\(result.text)")
    }

    @Test func `a pair that fails is named, and the rest is not waited for`() throws {
        let result = try run("routes", workers: 20, dead: "10.200.2.2")
        #expect(result.status == 1 && result.execs == 8, "\(result.text)")
        #expect(result.text.contains("worker-0: does not reach 10.200.2.2"), "\(result.text)")
    }

    @Test func `a pod that reaches nobody gives up after three`() throws {
        let result = try run("routes", workers: 5, dead: "10.200")
        #expect(result.status == 1)
        #expect(result.text.split(separator: "\n").count { $0.contains("does not reach") } == 15, "\(result.text)")
    }

    @Test func `a service that pods do not reach fails the check`() throws {
        #expect(try run("service.clusterip", workers: 9).status == 0)
        let result = try run("service.clusterip", workers: 9, dead: "http")
        #expect(result.status == 1 && result.text.contains("worker-0: does not reach"), "\(result.text)")
    }

    @Test(arguments: ["objects.create", "pods.run", "dns.service", "dns.outside", "service.clusterip", "routes"])
    func `what is done on every worker may take longer on many`(_ id: String) throws {
        let small = try check(id, workers: 3)
        let large = try check(id, workers: 300)
        #expect(small.seconds < 220 && large.seconds >= small.seconds + 2 * 297)
        #expect(id != "routes" || large.seconds >= 300 * 300 / 50)
    }
}
