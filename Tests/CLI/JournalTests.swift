import Foundation
import ProvisionCore
import ProvisionEngine
import Testing

@testable import provision

/// What a run's record holds of what a verb shows.
@Suite struct JournalTests {
    private struct Line: Decodable { var event: RunEvent }

    /// The events of a verb's record; what it throws is thrown at nobody.
    private func events(_ body: (Console) async throws -> Void) async throws -> [RunEvent] {
        let path = NSTemporaryDirectory() + "provision-record-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        let console = Console(quiet: true, noColour: true, environment: [:])
        console.journal.keep(try RunRecord(path: path, run: "r", header: "{}"))
        try? await reporting(console) { try await body(console) }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return try text.split(separator: "\n").dropFirst().map {
            try JSONDecoder().decode(Line.self, from: Data($0.utf8)).event
        }
    }

    @Test func `a refusal is a line with its remedy, and the end one with its status`() async throws {
        let events = try await events { _ in
            throw CommandFailure("2 of 9 checks failed", remedy: "mend them", status: .preflightFailed)
        }
        #expect(events.map(\.kind) == [.problem, .runFinished])
        #expect(events[0].message == "2 of 9 checks failed" && events[0].remedy == "mend them")
        #expect(events[1].status == 4 && events[1].message == "exit 4: 2 of 9 checks failed")
    }

    @Test func `the end says what the verb concluded, and nothing comes after it`() async throws {
        let events = try await events { console in
            console.remark("hook after-apply: time on worker-0")
            console.journal.conclude("0 changes on 7 hosts")
            console.journal.finish(0)
            console.problem("too late")
        }
        #expect(events.map(\.kind) == [.remark, .runFinished])
        #expect(events[1].message == "exit 0: 0 changes on 7 hosts" && events[1].status == 0)
    }

    @Test func `an exit status of a verb's own, and an error that nobody knows, end the record too`() async throws {
        struct Odd: Error {}
        let silent = Console(quiet: true, noColour: true, environment: [:])
        let locked = try await events { _ in
            // What comes out of a verb that has said everything.
            try await reporting(silent) { throw CommandFailure("locked", remedy: "wait", status: .lockHeld) }
        }
        #expect(locked.map(\.status) == [5])
        let odd = try await events { _ in throw Odd() }
        #expect(odd.map(\.kind) == [.problem, .runFinished] && odd[1].status == 1)
    }

    @Test func `neither colours nor secrets get into it`() async throws {
        let events = try await events { console in
            console.problem("× \u{1B}[31mworker-0\u{1B}[0m: token: abcdef.0123456789abcdef")
            console.problem("worker-1", remedy: "password=hunter22")
            console.problem("recovery code: 1234", as: nil)
        }
        #expect(events.map(\.kind) == [.problem, .problem, .runFinished])
        #expect(events[0].message == "worker-0: token: [redacted]")
        #expect(events[1].remedy == "password=[redacted]")
    }

    @Test func `failures of hosts are kept with what was tried and what to try`() async throws {
        var failure = StepFailure(
            host: "worker-0",
            stage: "kubelet",
            step: "start kubelet.service",
            kind: .start,
            attempted: "start kubelet.service",
            output: "it did not stay up"
        )
        failure.remedy = "look at its journal"
        let report = RunReport(lanes: [
            LaneOutcome(host: "worker-0", ending: .failed(failure), done: []),
            LaneOutcome(host: "worker-1", ending: .notRun(stage: "dns", reason: "needs node.ready"), done: []),
            LaneOutcome(host: "worker-2", ending: .asWanted, done: []),
        ])
        let events = try await events { RunSummary(report: report).show($0) }
        #expect(events.map(\.kind) == [.problem, .remark, .runFinished])
        #expect(events[0].host == "worker-0" && events[0].attempted == "start kubelet.service")
        #expect(events[0].remedy == "look at its journal" && events[0].message.contains("it did not stay up"))
        #expect(events[1].message.contains("needs node.ready"))
    }

    @Test func `with --quiet hosts that are as wanted are silent, and no others`() {
        let console = Console(quiet: true, noColour: true, environment: [:])
        let refused = LaneOutcome(host: "a", ending: .refused("another cluster's", remedy: "look"), done: [])
        let report = RunReport(lanes: [refused, LaneOutcome(host: "b", ending: .asWanted, done: [])])
        let entries = RunSummary(report: report).entries(console)
        #expect(entries.map(\.isProblem) == [true, true, false])
        #expect(entries[0].text == "× a: refused\n  found     another cluster's\n  try       look")
    }

    @Test func `preflight keeps what to do about each check`() async throws {
        let results = [
            PreflightResult("clock.skew", "worker-0", .failure, "90 s behind", fix: "set it"),
            PreflightResult("disk.space", "worker-0", .pass, "20 GB"),
        ]
        let events = try await events { PreflightView(results: results, showsAll: false).show($0) }
        #expect(events.map(\.kind) == [.problem, .runFinished])
        #expect(events[0].step == "clock.skew" && events[0].remedy == "set it")
        #expect(events[0].message == "worker-0: clock.skew: 90 s behind")
    }
}
