import Foundation
import ProvisionCore
import ProvisionEngine
import Templates
import Testing

@Suite struct ExecutorTests {
    private func plan(_ lanes: [(String, [Stage])]) -> Plan {
        Plan(cluster: "test", lanes: lanes.map { Plan.Lane(host: host($0.0), stages: $0.1) })
    }

    @Test func `writes what is missing and finds nothing left to do`() async throws {
        let sandbox = try SandboxHost()
        defer { sandbox.remove() }
        let stage = Stage(
            "files",
            resources: [file("/srv/a", "one\n"), file("/srv/b", "it's \"two\" $HOME\n\n", mode: 0o600)]
        )
        let plan = plan([("one", [stage])])
        let first = await run(plan, on: ["one": sandbox])
        #expect(first.map(\.ending) == [.asWanted])
        #expect(first[0].done.map(\.title) == ["create /srv/a", "create /srv/b"])
        #expect(try sandbox.content("/srv/b") == "it's \"two\" $HOME\n\n")
        let second = await run(plan, on: ["one": sandbox])
        #expect(second[0].done.isEmpty)
        #expect(second[0].ending == .asWanted)
    }

    @Test func `keeps what it replaces and writes a receipt`() async throws {
        let sandbox = try SandboxHost()
        defer { sandbox.remove() }
        try "theirs\n".write(toFile: sandbox.path("/srv/a"), atomically: true, encoding: .utf8)
        _ = await run(plan([("one", [Stage("files", resources: [file("/srv/a", "ours\n")])])]), on: ["one": sandbox])
        #expect(try sandbox.content("/srv/a") == "ours\n")
        #expect(try sandbox.content("/var/lib/provision/replaced/+srv+a") == "theirs\n")
        let receipt = try sandbox.content("/var/lib/provision/receipt.jsonl")
        #expect(receipt.contains(#""action":"replaced","path":"/srv/a""#))
    }

    /// A key with its certificate, as the planner pairs them.
    private func pair(_ key: String, _ certificate: String) -> [any Resource] {
        let secret = FileResource(RenderedFile(path: "/srv/a.key", text: key, mode: 0o600), reason: "", part: .key)
        let part = FileResource.PairPart.certificate(key: "/srv/a.key", keyDigest: secret.digest)
        return [secret, FileResource(RenderedFile(path: "/srv/a.crt", text: certificate), reason: "", part: part)]
    }

    @Test func `a key and its certificate take their places together`() async throws {
        let sandbox = try SandboxHost()
        defer { sandbox.remove() }
        for (key, certificate) in [("k1\n", "c1\n"), ("k2\n", "c2\n"), ("k3\n", "c2\n"), ("k3\n", "c3\n")] {
            let plan = plan([("one", [Stage("pair", resources: pair(key, certificate))])])
            #expect(await run(plan, on: ["one": sandbox]).map(\.ending) == [.asWanted])
            #expect(try sandbox.content("/srv/a.key") == key && sandbox.content("/srv/a.crt") == certificate)
            #expect(await run(plan, on: ["one": sandbox])[0].done.isEmpty)
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: sandbox.path("/srv")).sorted() == ["a.crt", "a.key"]
        )
    }

    @Test func `bytes that are not text arrive unchanged`() async throws {
        let sandbox = try SandboxHost()
        defer { sandbox.remove() }
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let resource = FileResource(RenderedFile(path: "/srv/raw", content: bytes), reason: "a test")
        let outcome = await run(plan([("one", [Stage("files", resources: [resource])])]), on: ["one": sandbox])
        #expect(outcome[0].ending == .asWanted)
        #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: sandbox.path("/srv/raw")))) == bytes)
    }

    @Test func `a validator that refuses leaves the old file`() async throws {
        let sandbox = try SandboxHost()
        defer { sandbox.remove() }
        try "old\n".write(toFile: sandbox.path("/srv/a"), atomically: true, encoding: .utf8)
        let bad = FileResource(
            RenderedFile(path: "/srv/a", text: "bad\n"),
            reason: "a test",
            validator: ["grep", "-q", "good"]
        )
        let outcome = await run(plan([("one", [Stage("files", resources: [bad])])]), on: ["one": sandbox])
        guard case .failed(let failure) = outcome[0].ending else {
            Issue.record("ended \(outcome[0].ending)")
            return
        }
        #expect(failure.output.contains("the old one stays"))
        #expect(try sandbox.content("/srv/a") == "old\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: sandbox.path("/srv")) == ["a"])
    }

    @Test func `an action that fails stops its lane with its own words`() async throws {
        let sandbox = try SandboxHost()
        defer { sandbox.remove() }
        let stages = [
            Stage(
                "first",
                resources: [logged("a"), logged("b", script: "echo no space left >&2; false"), logged("c")]
            ),
            Stage("second", resources: [logged("d")]),
        ]
        let outcome = await run(plan([("one", stages)]), on: ["one": sandbox])
        guard case .failed(let failure) = outcome[0].ending else {
            Issue.record("ended \(outcome[0].ending)")
            return
        }
        #expect(failure.step == "b")
        #expect(failure.output == "no space left")
        #expect(outcome[0].done.map(\.title) == ["a"])
        #expect(try sandbox.content("/srv/log") == "a\n")
    }

    @Test func `an action that does not last is not called done`() async throws {
        let sandbox = try SandboxHost()
        defer { sandbox.remove() }
        let never = CommandResource(
            id: "never",
            title: "never so",
            reason: "a test",
            check: "echo still not; false",
            action: Action(kind: .run, title: "try", script: "true")
        )
        let outcome = await run(plan([("one", [Stage("s", resources: [never])])]), on: ["one": sandbox])
        guard case .failed(let failure) = outcome[0].ending else {
            Issue.record("ended \(outcome[0].ending)")
            return
        }
        #expect(failure.output == "still not")
    }

    @Test func `a gate that cannot open names its cause, unrelated hosts go on`() async throws {
        let hosts = try ["a": SandboxHost(), "b": SandboxHost(), "c": SandboxHost()]
        defer { hosts.values.forEach { $0.remove() } }
        let plan = plan([
            ("a", [Stage("etcd", opens: [.etcdQuorum], resources: [logged("x", script: "false")])]),
            ("b", [Stage("api", needs: [.etcdQuorum], resources: [logged("y")])]),
            ("c", [Stage("other", resources: [logged("z")])]),
        ])
        let outcomes = await run(plan, on: hosts)
        #expect(outcomes[1].ending == .notRun(stage: "api", reason: "needs etcd.quorum: etcd on a did not succeed"))
        #expect(outcomes[2].ending == .asWanted)
        #expect(RunReport(lanes: outcomes).exitCode == .partlyApplied)
    }

    @Test func `a host that is not reached shuts its gates`() async throws {
        let sandbox = try SandboxHost()
        defer { sandbox.remove() }
        let plan = plan([
            ("gone", [Stage("etcd", opens: [.etcdQuorum], resources: [logged("x")])]),
            ("here", [Stage("api", needs: [.etcdQuorum], resources: [logged("y")])]),
        ])
        let outcomes = await run(plan, on: ["here": sandbox])
        #expect(outcomes[1].ending == .notRun(stage: "api", reason: "needs etcd.quorum: gone was not reached"))
    }

    @Test(arguments: ["lb-0", "lb-1"])
    func `nodes go on with the load balancer that is left`(_ dead: String) async throws {
        var hosts = try ["lb-0": SandboxHost(), "lb-1": SandboxHost(), "worker": SandboxHost()]
        defer { hosts.values.forEach { $0.remove() } }
        let path = { (name: String) in Stage("path", opens: [.loadBalancerReady], resources: [logged(name)]) }
        let plan = plan([
            ("lb-0", [path("lb-0")]), ("lb-1", [path("lb-1")]),
            ("worker", [Stage("kubelet", needs: [.loadBalancerReady], resources: [logged("kubelet")])]),
        ])
        hosts.removeValue(forKey: dead)?.remove()
        let outcomes = await run(plan, on: hosts)
        #expect(outcomes[2].ending == .asWanted)
        #expect(outcomes.count { $0.ending == .asWanted } == 2)
        #expect(RunReport(lanes: outcomes).exitCode == .partlyApplied)
    }

    @Test(arguments: [1, 500, 2000, 4000])
    func `a script that is cut off does nothing`(bytes: Int) async throws {
        let whole = try SandboxHost()
        defer { whole.remove() }
        let cut = try SandboxHost(cutAfter: bytes, root: whole.root)
        let session = HostSession(host: "one", transport: cut)
        let action = Action(kind: .run, title: "write", script: "echo > /srv/touched")
        await #expect(throws: TransportError.self) { try await session.perform([action], thenObserve: []) }
        #expect(!FileManager.default.fileExists(atPath: whole.path("/srv/touched")))
    }

    @Test func `what a file says is part of the fingerprint`() {
        let one = ServiceResource(unit: "x.service", reason: "", startedFrom: [file("/srv/a", "1\n")])
        let two = ServiceResource(unit: "x.service", reason: "", startedFrom: [file("/srv/a", "2\n")])
        #expect(one.fingerprint != two.fingerprint)
    }
}
