import Foundation
import ProvisionCore
import ProvisionEngine
import Synchronization
import Testing

@testable import provision

/// What a restore tells hosts, and what it still tells them where it is stopped on its way.
@Suite struct RestoreStepsTests {
    private final class Log: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock(\.self) }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private struct Rehearsal {
        let steps: RestoreSteps
        let log: Log
        private let snapshot: String

        init(_ steps: RestoreSteps, _ log: Log) throws {
            self.steps = steps
            self.log = log
            snapshot = NSTemporaryDirectory() + "provision-snapshot-" + UUID().uuidString
            try Data("a snapshot".utf8).write(to: URL(fileURLWithPath: snapshot))
        }

        func makeReady() async throws {
            defer { try? FileManager.default.removeItem(atPath: snapshot) }
            let content = EtcdSnapshot(revision: 1, hash: 1, totalKeys: 1, totalSize: 1)
            try await steps.makeReady(.file(path: snapshot, content: content, taken: nil), by: snapshot)
        }

        /// What hosts were told to do, in order.
        func told(_ word: String) -> [String] { log.all.filter { $0.contains(" \(word)") } }
    }

    private static let members = Task {
        let plan = try await SampleCluster.plan(try SampleCluster.spec("lab-debian.yaml"))
        return plan.lanes.compactMap { EtcdRestore.Member(lane: $0) }
    }

    /// A restore of which Ctrl-C is pressed while `moment` is done (`controller-0 send`), and the connection lost in `lost`.
    private static func rehearse(stoppedAt moment: String? = nil, losing lost: String? = nil) async throws -> Rehearsal
    {
        let spec = try SampleCluster.spec("lab-debian.yaml")
        let request = StopRequest()
        let log = Log()
        let sessions = spec.hosts.reduce(into: [String: HostSession]()) { sessions, host in
            let transport = ScriptedHost(name: host.name) { script in
                let line = "\(host.name) \(word(for: script))"
                log.add(line)
                if line == moment { _ = request.signal() }
                return line == lost ? nil : answer(to: script)
            }
            sessions[host.name] = HostSession(host: host.name, transport: transport)
        }
        let standstill = RestoreStandstill(
            spec: spec,
            clusterID: "7f3c",
            sessions: sessions,
            inventory: "i.yaml",
            console: Console(quiet: true, noColour: true, environment: [:])
        )
        let members = try await Self.members.value.map {
            EtcdRestore(member: $0, clusterID: "7f3c", time: "20261125T024000Z")
        }
        return try Rehearsal(RestoreSteps(members: members, standstill: standstill, stopRequest: request), log)
    }

    private static func word(for script: String) -> String {
        let unit = script.firstMatch(of: /for u in ([a-z-]+)\.service/).map { String($0.output.1) } ?? ""
        if script.contains("echo \"stopped $u\"") { return "stop \(unit)" }
        if script.contains("systemctl start --no-block") { return "start \(unit)" }
        if script.contains(" received") { return "send" }
        if script.contains("snapshot restore") { return "prepare" }
        return script.contains("mv -T \"$N/member\"") ? "swap" : "abandon"
    }

    /// A host on which the first unit of each kind runs.
    private static func answer(to script: String) -> String {
        if let receipt = script.firstMatch(of: /n[0-9a-z]{6,} received/) { return String(receipt.output) }
        let words = word(for: script).split(separator: " ")
        return (words.first == "stop" ? "stopped \(words[1]).service\n" : "") + "\nrotation-status 0\n"
    }

    private static let controllers = ["controller-0", "controller-1", "controller-2"]

    @Test func `nothing is swapped before everything stands still`() async throws {
        let rehearsal = try await Self.rehearse()
        try await rehearsal.makeReady()
        #expect(rehearsal.told("send").count == 3 && rehearsal.told("prepare").count == 3)
        let stops = rehearsal.told("stop").map { $0.split(separator: " ")[2] }
        #expect(stops.suffix(6) == ["kube-apiserver", "kube-apiserver", "kube-apiserver", "etcd", "etcd", "etcd"])
        #expect(stops.dropLast(6).allSatisfy { $0 == "kubelet" })
        #expect(rehearsal.told("swap") == [] && rehearsal.told("start") == [] && rehearsal.told("abandon") == [])
    }

    @Test(arguments: ["controller-0 send", "controller-0 prepare", "controller-2 prepare"])
    func `stopped before anything stands still, a restore only takes away what it sent`(_ moment: String) async throws {
        let rehearsal = try await Self.rehearse(stoppedAt: moment)
        let failure = await #expect(throws: CommandFailure.self) { try await rehearsal.makeReady() }
        #expect(failure?.status == .interrupted)
        #expect(failure?.message == "stopped: no data was swapped, and nothing was stopped on any host")
        #expect(rehearsal.told("stop") == [] && rehearsal.told("swap") == [] && rehearsal.told("start") == [])
        #expect(rehearsal.told("abandon") == Self.controllers.map { "\($0) abandon" })
    }

    @Test func `stopped on its way, it starts again what it stopped, and only that`() async throws {
        let rehearsal = try await Self.rehearse(stoppedAt: "controller-1 stop kube-apiserver")
        let failure = await #expect(throws: CommandFailure.self) { try await rehearsal.makeReady() }
        #expect(failure?.status == .interrupted)
        #expect(failure?.message.contains("no data was swapped, and what had stopped was started again") == true)
        #expect(rehearsal.told("stop etcd") == [] && rehearsal.told("swap") == [])
        #expect(rehearsal.told("abandon").count == 3)
        let started = rehearsal.told("start")
        #expect(started.prefix(3).sorted() == Self.controllers.map { "\($0) start kube-apiserver" })
        let watchers = rehearsal.told("stop kubelet").map { $0.replacing("stop", with: "start") }
        #expect(started.dropFirst(3).sorted() == watchers.sorted())
    }

    @Test func `the last moment to stop is before the first swap`() async throws {
        let rehearsal = try await Self.rehearse(stoppedAt: "controller-0 stop etcd")
        let failure = await #expect(throws: CommandFailure.self) { try await rehearsal.makeReady() }
        #expect(failure?.status == .interrupted && rehearsal.told("swap") == [])
        #expect(rehearsal.told("start").prefix(3).sorted() == Self.controllers.map { "\($0) start etcd" })
    }

    @Test func `from the first swap on it goes through, and says so`() async throws {
        let rehearsal = try await Self.rehearse(stoppedAt: "controller-0 swap")
        try await rehearsal.makeReady()
        try await rehearsal.steps.swap()
        #expect(rehearsal.told("swap") == Self.controllers.map { "\($0) swap" })
        #expect(!rehearsal.steps.stopRequest.isHeeded)
        rehearsal.steps.stopRequest.release()
        #expect(rehearsal.steps.stopRequest.isHeeded)
        let held = try await Self.rehearse()
        try await held.makeReady()
        guard case .waits(let words) = held.steps.stopRequest.signal() else {
            Issue.record("it would stop")
            return
        }
        #expect(words.contains("once everything is started"))
    }

    @Test(arguments: ["controller-1 send", "controller-1 prepare", "worker-0 stop kubelet", "controller-2 stop etcd"])
    func `a connection that is lost in a step leaves its state unknown`(_ step: String) async throws {
        let rehearsal = try await Self.rehearse(losing: step)
        let failure = await #expect(throws: CommandFailure.self) { try await rehearsal.makeReady() }
        #expect(failure?.status == .stateUnknown && failure?.remedy.contains("provision apply i.yaml") == true)
        #expect(rehearsal.told("swap") == [] && rehearsal.told("abandon").count == 3)
    }

    @Test func `a connection that is lost in a swap leaves its state unknown`() async throws {
        let rehearsal = try await Self.rehearse(losing: "controller-1 swap")
        try await rehearsal.makeReady()
        let failure = await #expect(throws: CommandFailure.self) { try await rehearsal.steps.swap() }
        #expect(failure?.status == .stateUnknown && rehearsal.told("swap").count == 2)
    }

    @Test func `what does not start again is named`() async throws {
        let rehearsal = try await Self.rehearse(stoppedAt: "controller-0 stop etcd", losing: "controller-1 start etcd")
        let failure = await #expect(throws: CommandFailure.self) { try await rehearsal.makeReady() }
        #expect(failure?.status == .gateFailed && failure?.message.contains("controller-1: ") == true)
        #expect(failure?.remedy == "provision apply i.yaml starts it")
    }
}
