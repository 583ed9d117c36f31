import Foundation
import ProvisionCore
import ProvisionEngine
import Testing

@testable import ProvisionArtifacts
@testable import provision

@Suite struct JSONDocumentTests {
    /// A document as programs read it.
    private func read(_ document: some Encodable) throws -> [String: Any] {
        let data = Data(JSONOutput.text(document).utf8)
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    private func rows(_ document: [String: Any], _ key: String) -> [[String: Any]] {
        document[key] as? [[String: Any]] ?? []
    }

    @Test func `lists are in a document with a schema`() {
        let texts = [
            JSONOutput.text(BackupListDocument(backups: [])),
            JSONOutput.text(ForecastDocument(until: 0, events: [])),
        ]
        #expect(texts.allSatisfy { $0.contains("\"schema\" : \(Version.schema)") })
    }

    @Test func `a preflight counts, and only what did not pass has a fix`() throws {
        let results = [
            PreflightResult("ssh.connect", "a", .pass, "reached"),
            PreflightResult("clock.skew", "a", .warning, "300 ms behind", fix: "start a time service"),
        ]
        let document = try read(PreflightDocument(results, cluster: "k"))
        #expect(document["passed"] as? Bool == true && document["warnings"] as? Int == 1)
        #expect(rows(document, "checks").map { $0["level"] as? String } == ["pass", "warning"])
        #expect(rows(document, "checks").map { $0["fix"] as? String } == [nil, "start a time service"])
        let failed = results + [PreflightResult("host.swap", "b", .failure, "swap is on", fix: "swapoff -a")]
        let other = try read(PreflightDocument(failed, cluster: "k"))
        #expect(other["passed"] as? Bool == false && other["failures"] as? Int == 1)
    }

    @Test func `a trace is well where every hop is`() throws {
        let hops = [
            TraceHop(host: "worker-0", isWell: true, text: "10.32.0.10:53"),
            TraceHop(host: "worker-1", isWell: false, text: "no route"),
        ]
        let service = (namespace: "kube-system", name: "kube-dns")
        let document = try read(TraceDocument(hops, to: service, from: "worker-0", cluster: "k"))
        #expect(document["well"] as? Bool == false && document["from"] as? String == "worker-0")
        #expect(document["namespace"] as? String == "kube-system" && document["service"] as? String == "kube-dns")
        #expect(rows(document, "hops").map { $0["well"] as? Bool } == [true, false])
        let whole = try read(TraceDocument(Array(hops.prefix(1)), to: service, from: "worker-0", cluster: "k"))
        #expect(whole["well"] as? Bool == true)
    }

    @Test func `a lock has its owner, where that can be read`() throws {
        let owner = try #require(HostLock.Owner(line: "r1 jane desk boot 7 apply 2026-11-25T02:40:00Z"))
        let hosts = [
            LockDocument.Host("a", .held(owner)), LockDocument.Host("b", .held(nil)), LockDocument.Host("c", nil),
        ]
        let document = try read(LockDocument(cluster: "k", hosts: hosts, unreachable: ["d": "no answer"]))
        #expect(rows(document, "hosts").map { $0["locked"] as? Bool } == [true, true, false])
        let owners = rows(document, "hosts").map { ($0["owner"] as? [String: Any])?["run"] as? String }
        #expect(owners == ["r1", nil, nil])
        #expect(document["unreachable"] as? [String: String] == ["d": "no answer"])
    }

    @Test func `artifacts have a state in a list, and size and hash where they are here`() throws {
        let set = SampleCluster.artifacts(SampleCluster.request(try SampleCluster.spec("lab-debian.yaml")))
        let first = try #require(set.artifacts.first)
        let verified = try read(ArtifactsDocument(set, cluster: "k"))
        #expect(rows(verified, "artifacts").count == set.artifacts.count)
        #expect(verified["totalBytes"] as? Int == set.artifacts.count)
        #expect(rows(verified, "artifacts").first?["sha256"] as? String == first.sha256)
        #expect(rows(verified, "artifacts").first?["state"] == nil)
        let listed = [
            ArtifactListing(
                id: first.id,
                architecture: first.architecture,
                version: first.version,
                state: .unlocked,
                artifact: first
            ),
            ArtifactListing(id: .kubectl, architecture: .amd64, version: nil, state: .missing, artifact: nil),
        ]
        let list = try read(ArtifactsDocument(listed, cluster: "k"))
        #expect(rows(list, "artifacts").map { $0["state"] as? String } == ["unlocked", "missing"])
        #expect(rows(list, "artifacts").map { $0["sizeBytes"] as? Int } == [1, nil])
        #expect(list["totalBytes"] as? Int == 1)
    }

    private static let passed = SmokeOutcome(
        id: "pods.run",
        title: "pods run",
        host: "controller-0",
        passed: true,
        milliseconds: 1500,
        words: []
    )

    @Test(arguments: [(false, false, true), (true, false, false), (false, true, false)])
    func `a smoke test has passed where it came to its end and left nothing`(
        _ isInterrupted: Bool,
        _ isLeft: Bool,
        _ hasPassed: Bool
    ) throws {
        let test = SmokeTest(spec: try SampleCluster.spec("lab-debian.yaml"))
        let document = try read(
            SmokeTestDocument(
                [Self.passed],
                of: test,
                cluster: "k",
                isInterrupted: isInterrupted,
                isLeft: isLeft,
                keeps: false
            )
        )
        #expect(document["passed"] as? Bool == hasPassed && document["namespaceStays"] as? Bool == isLeft)
        #expect(document["skipped"] as? [String] == test.skipped)
    }

    @Test func `a check that failed shows what it printed last`() throws {
        var failed = Self.passed
        failed.passed = false
        failed.words = ["no endpoints"]
        let console = Console(quiet: true, noColour: true, environment: [:])
        #expect(SmokeTestView(outcome: Self.passed).lines(console) == ["√ pods.run              pods run (1.5 s)"])
        #expect(SmokeTestView(outcome: failed).lines(console).last == "    no endpoints")
        let test = SmokeTest(spec: try SampleCluster.spec("lab-debian.yaml"))
        let document = try read(
            SmokeTestDocument([failed], of: test, cluster: "k", isInterrupted: false, isLeft: false, keeps: true)
        )
        #expect(document["passed"] as? Bool == false && document["namespaceStays"] as? Bool == true)
        #expect(rows(document, "checks").first?["output"] as? [String] == ["no endpoints"])
    }
}
