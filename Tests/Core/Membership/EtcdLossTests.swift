import Foundation
import Templates
import Testing

@testable import ProvisionCore

@Suite struct EtcdLossTests {
    private static let all = ["192.168.2.2", "192.168.2.3", "192.168.2.4"]
    private static let pair = ["192.168.2.2", "192.168.2.3"]
    private static let two = FakeEtcd.three.split(separator: "\n").prefix(2).joined(separator: "\n")

    /// What every host says that is asked: it holds data, and sees these members as healthy.
    private static func voices(
        _ list: String,
        up: [String],
        from hosts: [String] = ["controller-0", "controller-1", "controller-2"],
        empty: Set<String> = []
    ) -> [String: EtcdVoice] {
        let members = list.split(separator: "\n").map { line in
            let isUp = up.contains { line.contains("https://\($0):2379") }
            return "member|\(line.replacing(", ", with: "|"))|\(isUp ? "up" : "down")"
        }
        return hosts.reduce(into: [:]) { voices, host in
            let data: [String] = empty.contains(host) ? [] : ["data"]
            let list = members.isEmpty ? [] : ["members"] + members
            voices[host] = EtcdVoice(answer: (data + list + ["whole"]).joined(separator: "\n"))
        }
    }

    private static func loss(_ names: [String], _ voices: [String: EtcdVoice]) throws -> EtcdLoss {
        let hosts = try MembershipFixtures.lab().hosts.filter { names.contains($0.name) }
        return EtcdLoss(leaving: hosts, voices: voices)
    }

    private static let cases: [([String], String, [String], EtcdLoss.Verdict)] = [
        (["controller-1"], FakeEtcd.three, all, .bearable),
        (["controller-1"], FakeEtcd.three, pair, .quorum(up: 1, voters: 3, ill: ["controller-2"])),
        // What is down already takes nothing with it.
        (["controller-1"], FakeEtcd.three, ["192.168.2.2", "192.168.2.4"], .bearable),
        (["controller-1", "controller-2"], FakeEtcd.three, all, .quorum(up: 1, voters: 3, ill: [])),
        // It stays in the list, so one of two is no majority.
        (["controller-1"], two, all, .quorum(up: 1, voters: 2, ill: [])),
        // Taken out of etcd before.
        (["controller-2"], two, all, .bearable),
        (["controller-1"], FakeEtcd.three, ["192.168.2.2"], .data(["controller-1"])),
        (["controller-1"], "", [], .data(["controller-1"])),
    ]

    @Test(arguments: cases)
    func `members that stay must be a majority of all`(
        _ leaving: [String],
        _ list: String,
        _ up: [String],
        _ verdict: EtcdLoss.Verdict
    ) throws {
        #expect(try Self.loss(leaving, Self.voices(list, up: up)).verdict == verdict)
    }

    @Test func `a host without data has none to lose, one that says nothing may have some`() throws {
        let empty = Self.voices("", up: [], empty: ["controller-1"])
        #expect(try Self.loss(["controller-1"], empty).verdict == .bearable)
        #expect(try Self.loss(["controller-1"], [:]).verdict == .data(["controller-1"]))
        let learner = Self.voices(FakeEtcd.three.replacing(".4:2379, false", with: ".4:2379, true"), up: Self.all)
        #expect(try Self.loss(["controller-2"], learner).verdict == .bearable)
    }

    @Test func `a member that answers is lost, wherever its data lies`() throws {
        let elsewhere = Self.voices(FakeEtcd.three, up: Self.pair, empty: ["controller-1"])
        let loss = try Self.loss(["controller-1"], elsewhere)
        #expect(loss.verdict == .quorum(up: 1, voters: 3, ill: ["controller-2"]))
        #expect(loss.refusal(drains: false, keepsData: true, inventory: "i.yaml") != nil)
    }

    @Test func `a refusal says what to do, and data that stays is no reason for one`() throws {
        let silent = try Self.loss(["controller-1"], Self.voices("", up: []))
        #expect(silent.refusal(drains: false, keepsData: true, inventory: "i.yaml") == nil)
        let refused = try #require(silent.refusal(drains: false, keepsData: false, inventory: "i.yaml"))
        #expect(refused.remedy.contains("--keep-data") && refused.remedy.contains("provision teardown i.yaml"))
        let quorum = try Self.loss(["controller-1"], Self.voices(FakeEtcd.three, up: Self.pair))
        let words = try #require(quorum.refusal(drains: false, keepsData: true, inventory: "i.yaml"))
        #expect(words.why.contains("1 of etcd's 3 members would be healthy, and 2 are needed"))
        #expect(words.remedy.contains("bring back controller-2 first (does not answer or has an alarm), or take it"))
        #expect(words.remedy.contains("provision apply i.yaml; leave out --no-drain"))
    }

    @Test func `a host says what it holds and whom it sees`() throws {
        let address = try #require(IPv4Address("192.168.2.2"))
        let directory = NSTemporaryDirectory() + "provision-voice-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let snap = "\(directory)/member/snap"
        try FileManager.default.createDirectory(atPath: snap, withIntermediateDirectories: true)
        try Data().write(to: URL(fileURLWithPath: "\(snap)/db"))
        let script = EtcdVoice.script(address: address, dataDirectory: directory)
        let standIns = FakeEtcd.standIns(FakeEtcd.three, healthy: Self.pair) + "\n" + Self.unit("inactive")
        let voice = try #require(EtcdVoice(answer: try LocalShell.run(script, standIns: standIns).text))
        #expect(voice.hasData && voice.members?.map(\.isUp) == [true, true, false])
        #expect(voice.members?.map(\.member.name) == ["controller-0", "controller-1", "controller-2"])
        let none = try LocalShell.run(
            EtcdVoice.script(address: address, dataDirectory: "/nowhere"),
            standIns: FakeEtcd.standIns("", healthy: []) + "\n" + Self.unit("inactive")
        )
        let silent = try #require(EtcdVoice(answer: none.text), "\(none.text)")
        #expect(!silent.hasData && silent.members == nil)
        #expect(EtcdVoice(answer: "data") == nil)
    }

    private static func unit(_ state: String) -> String { "systemctl() { echo \(state); }" }

    @Test(arguments: [
        ("inactive", "member.before-20260101T000000Z", true), ("inactive", "other", false), ("failed", "other", false),
        ("active", "other", true), ("activating", "other", true),
    ])
    func `what a restore moved aside is data, and a unit that runs holds some`(
        _ state: String,
        _ folder: String,
        _ holds: Bool
    ) throws {
        let address = try #require(IPv4Address("192.168.2.2"))
        let directory = NSTemporaryDirectory() + "provision-voice-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = "\(directory)/\(folder)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let answer = try LocalShell.run(
            EtcdVoice.script(address: address, dataDirectory: directory),
            standIns: FakeEtcd.standIns("", healthy: []) + "\n" + Self.unit(state)
        )
        let voice = try #require(EtcdVoice(answer: answer.text), "\(answer.text)")
        #expect(voice.holdsMember == holds)
    }
}
