import Foundation
import ProvisionCore
import ProvisionEngine
import Templates
import Testing

/// Whole runs in which hosts take large files from each other.
@Suite struct RelayRunTests {
    /// What a run is made of, and what it left.
    private final class Site: Sendable {
        let directory = NSTemporaryDirectory() + "provision-relay-" + UUID().uuidString
        let network = SandboxNetwork()
        let names: [String]
        let hosts: [String: RelayedHost]
        let specs: [String: HostSpec]

        init(_ names: [String], faults: [String: RelayedHost.Fault] = [:]) throws {
            self.names = names
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            var specs: [String: HostSpec] = [:]
            var hosts: [String: RelayedHost] = [:]
            for (index, name) in names.enumerated() {
                let spec = host(name, at: IPv4Address(bits: 0xC000_0200 + UInt32(index + 1)))
                specs[name] = spec
                hosts[name] = try RelayedHost(spec, network, fault: faults[name] ?? .sound)
            }
            self.specs = specs
            self.hosts = hosts
        }

        func remove() {
            for host in hosts.values { host.sandbox.remove() }
            try? FileManager.default.removeItem(atPath: directory)
        }

        func tool(_ name: String) throws -> BinaryResource {
            let bytes = Array("#!/bin/sh\necho \(name)\n".utf8)
            try Data(bytes).write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
            let upload = Action.Upload(
                localPath: "\(directory)/\(name)",
                size: bytes.count,
                sha256: SHA256Digest.hex(of: bytes)
            )
            return BinaryResource(
                path: "/srv/\(name)",
                uploads: ["x86_64": upload, "aarch64": upload],
                reason: "a test"
            )
        }

        /// The same stages on some hosts, all where none are named.
        func plan(_ stages: [Stage], on some: [String]? = nil) -> Plan {
            let lanes = (some ?? names).compactMap { specs[$0] }.map { Plan.Lane(host: $0, stages: stages) }
            return Plan(cluster: "test", lanes: lanes)
        }

        /// Hosts where a listener's directory is left.
        var left: [String] {
            names.filter { name in
                let path = hosts[name]?.sandbox.path(RelayScript.directory) ?? ""
                return FileManager.default.fileExists(atPath: path)
            }
        }

        func has(_ name: String) -> [String] {
            names.filter { host in
                FileManager.default.fileExists(atPath: hosts[host]?.sandbox.path("/srv/\(name)") ?? "")
            }
        }
    }

    private let names = ["a", "b", "c", "d", "e"]

    private func uploads(_ recorder: Recorder) -> (sent: [String], taken: [String]) {
        let messages = recorder.events.filter { $0.kind == .actionDone && $0.action == "upload" }.map(\.message)
        return (messages.filter { $0.hasPrefix("send ") }, messages.filter { $0.hasPrefix("took ") })
    }

    @Test(.timeLimit(.minutes(2)))
    func `each file is sent once, goes from host to host, and no listener stays`() async throws {
        let site = try Site(names)
        defer { site.remove() }
        let stages = [Stage("tools", resources: [try site.tool("one"), try site.tool("two")])]
        let recorder = Recorder()
        let outcomes = await run(site.plan(stages), on: site.hosts, recorder: recorder, relays: true)
        #expect(outcomes.allSatisfy { $0.ending == .asWanted })
        #expect(outcomes.allSatisfy { $0.done.count == 2 })
        let (sent, taken) = uploads(recorder)
        #expect(sent.sorted() == ["send /srv/one (0 MB)", "send /srv/two (0 MB)"])
        #expect(taken.count == 8)
        #expect(taken.allSatisfy { $0.hasPrefix("took /srv/") && $0.hasSuffix(" (0 MB)") && $0.contains(" from ") })
        #expect(site.has("one") == names && site.has("two") == names)
        #expect(site.left == [])
        #expect(!recorder.events.contains { $0.kind == .relayFailed })
        #expect(await run(site.plan(stages), on: site.hosts, relays: true).allSatisfy { $0.done.isEmpty })
    }

    @Test(.timeLimit(.minutes(1)))
    func `nobody listens where nobody asked for it`() async throws {
        let site = try Site(names)
        defer { site.remove() }
        let stages = [Stage("tools", resources: [try site.tool("one")])]
        let recorder = Recorder()
        let outcomes = await run(site.plan(stages), on: site.hosts, recorder: recorder)
        #expect(outcomes.allSatisfy { $0.ending == .asWanted })
        #expect(uploads(recorder).sent.count == 5 && uploads(recorder).taken == [])
        #expect(site.network.listeners == [])
    }

    @Test(.timeLimit(.minutes(2)), arguments: [(1, 1), (1, 4), (8, 1), (2, 2)])
    func `with few places nobody waits for ever`(_ hosts: Int, _ uploads: Int) async throws {
        let site = try Site(names)
        defer { site.remove() }
        let one = Stage(
            "one",
            resources: [logged("x", script: "sleep 0.1"), try site.tool("one"), try site.tool("two")]
        )
        let two = Stage("two", resources: [logged("y"), try site.tool("three"), logged("z")])
        let outcomes = await run(
            site.plan([one, two]),
            on: site.hosts,
            atOnce: hosts,
            uploads: uploads,
            relays: true
        )
        #expect(outcomes.allSatisfy { $0.ending == .asWanted })
        #expect(site.has("three") == names && site.left == [])
    }

    @Test(.timeLimit(.minutes(1)))
    func `who has a file from before sends it, with its first stage still ahead`() async throws {
        let site = try Site(["a", "b", "c"])
        defer { site.remove() }
        let tool = try site.tool("one")
        _ = await run(site.plan([Stage("tools", resources: [tool])], on: ["a"]), on: site.hosts, relays: true)
        #expect(site.network.listeners == [])
        let recorder = Recorder()
        let stages = [Stage("slow", resources: [logged("x", script: "sleep 0.5")]), Stage("tools", resources: [tool])]
        let outcomes = await run(site.plan(stages), on: site.hosts, recorder: recorder, relays: true)
        #expect(outcomes.allSatisfy { $0.ending == .asWanted })
        #expect(uploads(recorder).sent == [])
        #expect(uploads(recorder).taken == Array(repeating: "took /srv/one from a (0 MB)", count: 2))
        #expect(site.network.listeners.first == "a" && site.left == [])
    }

    @Test(.timeLimit(.minutes(2)), arguments: [RelayedHost.Fault.silent, .mute])
    func `where hosts give nothing, files are sent from here`(_ fault: RelayedHost.Fault) async throws {
        let site = try Site(names, faults: Dictionary(uniqueKeysWithValues: names.map { ($0, fault) }))
        defer { site.remove() }
        let stages = [Stage("tools", resources: [try site.tool("one"), try site.tool("two")])]
        let recorder = Recorder()
        let outcomes = await run(site.plan(stages), on: site.hosts, recorder: recorder, relays: true)
        #expect(outcomes.allSatisfy { $0.ending == .asWanted })
        #expect(uploads(recorder).sent.count == 10 && site.has("two") == names)
        let failures = recorder.events.filter { $0.kind == .relayFailed }.map(\.message)
        #expect(!failures.isEmpty && failures.allSatisfy { !$0.contains("\n") })
        let words = fault == .mute ? "sends nothing on to other hosts: there is no systemd-run" : "did not get /srv/"
        #expect(failures.allSatisfy { $0.hasPrefix(words) })
    }

    @Test(.timeLimit(.minutes(1)))
    func `a host that is lost with a file keeps nobody waiting`() async throws {
        let site = try Site(["a", "b", "c"], faults: ["a": .lost])
        defer { site.remove() }
        // The others come later, and wait for the file that is on its way to the first.
        let slow = Stage("slow", resources: [logged("x", script: "sleep 0.2")])
        let tools = Stage("tools", resources: [try site.tool("one")])
        var plan = site.plan([slow, tools])
        plan.lanes[0].stages = [tools]
        let outcomes = await run(plan, on: site.hosts, relays: true)
        #expect(outcomes.dropFirst().allSatisfy { $0.ending == .asWanted })
        guard case .unknown = outcomes[0].ending else {
            Issue.record("ended \(outcomes[0].ending)")
            return
        }
        #expect(site.has("one") == ["b", "c"])
    }

    @Test(.timeLimit(.minutes(1)))
    func `an interrupt keeps nobody waiting, and no listener stays`() async throws {
        let site = try Site(names)
        defer { site.remove() }
        let stages = [Stage("tools", resources: [try site.tool("one"), try site.tool("two"), logged("x")])]
        let recorder = Recorder()
        let outcomes = await run(
            site.plan(stages),
            on: site.hosts,
            recorder: recorder,
            relays: true,
            isInterrupted: { recorder.events.contains { $0.kind == .actionDone } }
        )
        #expect(outcomes.count == 5)
        for outcome in outcomes {
            guard case .interrupted = outcome.ending else {
                Issue.record("\(outcome.host) ended \(outcome.ending)")
                continue
            }
        }
        #expect(site.left == [])
    }
}
