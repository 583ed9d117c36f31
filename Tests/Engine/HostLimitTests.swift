import Foundation
import ProvisionCore
import ProvisionEngine
import Testing

/// `concurrency.hosts`: how many hosts act at once, and that whoever waits is not among them.
@Suite struct HostLimitTests {
    /// A sandbox that is seen in a room while it runs something.
    private struct SeenHost: Transport {
        let sandbox: SandboxHost
        let room: Room

        func run(_ command: RemoteCommand) async throws(TransportError) -> CommandResult {
            await room.enter()
            let result: Result<CommandResult, TransportError>
            do throws(TransportError) { result = .success(try await sandbox.run(command)) } catch {
                result = .failure(error)
            }
            await room.leave()
            return try result.get()
        }

        func close() async {}
    }

    /// Runs a plan on as many sandboxes as it has lanes; gives back how lanes ended and the most that acted at once.
    private func apply(
        _ lanes: [(String, [Stage])],
        atOnce limit: Int
    ) async throws -> (endings: [LaneOutcome.Ending], most: Int) {
        let room = Room()
        var hosts: [String: SeenHost] = [:]
        for (name, _) in lanes { hosts[name] = SeenHost(sandbox: try SandboxHost(), room: room) }
        defer { for host in hosts.values { host.sandbox.remove() } }
        let plan = Plan(cluster: "test", lanes: lanes.map { Plan.Lane(host: host($0.0), stages: $0.1) })
        let outcomes = await run(plan, on: hosts, atOnce: limit)
        return (outcomes.map(\.ending), await room.most)
    }

    @Test(.timeLimit(.minutes(1)))
    func `no more hosts act at once than may, those that wait to upload included`() async throws {
        let bytes = Array("#!/bin/sh\n".utf8)
        let path = NSTemporaryDirectory() + "provision-upload-" + UUID().uuidString
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let upload = Action.Upload(localPath: path, size: bytes.count, sha256: SHA256Digest.hex(of: bytes))
        let tool = BinaryResource(
            path: "/srv/tool",
            uploads: ["x86_64": upload, "aarch64": upload],
            reason: "a test"
        )
        let stages = [
            Stage("first", resources: [logged("a", script: "sleep 0.2"), tool]),
            Stage("second", resources: [logged("b", script: "sleep 0.2")]),
        ]
        let result = try await apply(["a", "b", "c", "d", "e", "f"].map { ($0, stages) }, atOnce: 3)
        #expect(result.endings.allSatisfy { $0 == .asWanted })
        #expect(result.most == 3)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a lane that waits at a gate keeps nobody from opening it`() async throws {
        let result = try await apply(
            [
                ("late", [Stage("api", needs: [.etcdQuorum], resources: [logged("x")])]),
                ("later", [Stage("node", needs: [.apiServerReady], resources: [logged("y")])]),
                ("early", [Stage("etcd", opens: [.etcdQuorum, .apiServerReady], resources: [logged("z")])]),
            ],
            atOnce: 1
        )
        #expect(result.endings.allSatisfy { $0 == .asWanted })
        #expect(result.most == 1)
    }

    /// A member of etcd that begins, and then waits until the other one has begun too.
    private func member(_ name: String, beside other: String, in directory: String) -> CommandResource {
        CommandResource(
            id: "health:etcd",
            title: "\(name) sees a leader",
            reason: "a test",
            check: "test -e \(directory)/\(name) && test -e \(directory)/\(other)",
            action: Action(
                kind: .wait,
                title: "wait for a leader",
                script: "touch \(directory)/\(name)\nawait 20 - test -e \(directory)/\(other)"
            )
        )
    }

    @Test(.timeLimit(.minutes(1)))
    func `members that found a quorum begin all, however few may act at once`() async throws {
        let directory = NSTemporaryDirectory() + "provision-members-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let result = try await apply(
            [
                ("a", [Stage("etcd", opens: [.etcdQuorum], resources: [member("a", beside: "b", in: directory)])]),
                ("b", [Stage("etcd", opens: [.etcdQuorum], resources: [member("b", beside: "a", in: directory)])]),
            ],
            atOnce: 1
        )
        #expect(result.endings.allSatisfy { $0 == .asWanted })
    }
}
