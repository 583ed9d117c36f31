import ProvisionCore
import Testing

@testable import provision

@Suite struct LiveBoardTests {
    private func board(_ hosts: [String], _ events: [RunEvent]) -> LiveBoard {
        let board = LiveBoard(hosts: hosts, console: Console(quiet: true, noColour: true, environment: [:]))
        for event in events { board.show(event, line: nil) }
        return board
    }

    private func action(_ host: String, _ title: String) -> RunEvent {
        RunEvent(.actionDone, host: host, stage: "etcd", message: title)
    }

    @Test func `each host says its changes and what it does`() {
        let board = board(
            ["lb-0", "controller-0"],
            [
                action("controller-0", "start etcd.service"),
                RunEvent(.stageWaiting, host: "controller-0", stage: "kube-apiserver", message: "etcd.quorum"),
                RunEvent(.laneDone, host: "lb-0", message: "0 changes"),
            ]
        )
        #expect(
            board.lines(columns: 80, limit: 10) == [
                "lb-0            0  done", "controller-0    1  kube-apiserver waits for etcd.quorum  0 s",
            ]
        )
    }

    @Test func `a host that an interrupt has stopped is done`() {
        let stopped = RunEvent(.interrupted, host: "a", stage: "tools", message: "a stopped before: send b")
        #expect(board(["a"], [action("a", "send a"), stopped]).lines(columns: 80, limit: 3) == ["a    1  stopped"])
    }

    @Test func `a small screen shows those that still work`() {
        let hosts = (0..<6).map { "worker-\($0)" }
        let done = hosts.dropLast(2).map { RunEvent(.laneDone, host: $0, message: "") }
        let board = board(hosts, done + [action("worker-4", "a"), action("worker-5", "b")])
        let lines = board.lines(columns: 80, limit: 3)
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("worker-4") && lines[1].hasPrefix("worker-5"))
        #expect(lines[2] == "and 4 more hosts")
    }

    @Test func `a line is no wider than the screen, and a host's control characters are taken out`() {
        let board = board(["a"], [action("a", "\u{1B}[31m" + String(repeating: "x", count: 200))])
        let line = board.lines(columns: 40, limit: 3)[0]
        #expect(line.count == 39 && !line.contains("\u{1B}"))
    }
}
