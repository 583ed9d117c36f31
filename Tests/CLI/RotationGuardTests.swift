import Foundation
import PKI
import ProvisionCore
import ProvisionEngine
import Testing

@testable import provision

@Suite struct RotationGuardTests {
    private static let rotation = Rotation(id: "ca-1", roots: [.kubernetes], phase: .trustBoth, started: 0)

    private func refuse(joining hosts: Set<String>) throws {
        let spec = try SampleCluster.spec("lab-debian.yaml")
        let before = spec.hosts.filter { !hosts.contains($0.name) }
        let record = MembershipRecord(clusterID: "7f3c").after(before, machines: [:], gone: [])
        let marks = Dictionary(spec.hosts.map { ($0.name, Newcomer.Mark.own) }) { first, _ in first }
            .merging(hosts.map { ($0, Newcomer.Mark.absent) }) { $1 }
        try RotationGuard(rotation: Self.rotation, inventory: "i.yaml")
            .refuse(Newcomer.all(in: spec, record: record, marks: marks))
    }

    @Test func `a controller that would join beside a rotation is refused with both ways out`() {
        let failure = #expect(throws: CommandFailure.self) { try refuse(joining: ["controller-2", "worker-2"]) }
        #expect(failure?.status == .refused)
        let words = "the rotation ca-1 is at trust-both, and controller-2 as etcd and controller would join beside it"
        #expect(failure?.message == words)
        #expect(failure?.remedy.contains("certs rotate --resume --apply i.yaml, or --rollback") ?? false)
    }

    @Test func `hosts in a rotation that this store does not know are not changed`() throws {
        let spec = try SampleCluster.spec("lab-debian.yaml")
        let host = try #require(spec.hosts.first)
        func lane(_ mark: String) -> ObservedLane {
            let known = RotationMark(nil, ended: ["ca-0"])
            let marker = MarkerResource(clusterID: "id", clusterName: "lab", host: host.name, rotation: known)
            var lane = ObservedLane(host)
            lane.lane = Plan.Lane(host: host, stages: [Stage("host", resources: [marker])])
            let answer = ProbeAnswer(text: "marked id lab \(host.name)\(mark)")
            lane.verdicts = [marker.verdict(for: answer, changed: [])]
            return lane
        }
        #expect(throws: Never.self) { try RotationGuard.refuseStranger([lane(""), lane(" ; ca-0 trust-both x -")]) }
        let failure = #expect(throws: CommandFailure.self) {
            try RotationGuard.refuseStranger([lane(""), lane(" ; ca-1 trust-both kubernetes-ca jane@there")])
        }
        #expect(failure?.status == .refused && failure?.message.contains("the rotation ca-1 ") == true)
        #expect(failure?.remedy.contains(RotationMark.path) == true)
    }

    @Test func `a worker may join beside it`() { #expect(throws: Never.self) { try refuse(joining: ["worker-2"]) } }

    @Test func `nothing is applied while a process rotates`() throws {
        var spec = try SampleCluster.spec("lab-debian.yaml")
        spec.pki.directory = NSTemporaryDirectory() + "provision-guard-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: spec.pki.directory) }
        let store = CredentialStore(directory: spec.pki.directory, now: 0)
        let process = try store.lockForRotation()
        #expect(try RotationGuard.hold(spec) == nil)
        var state = TrustState()
        state.rotation = Rotation(id: "encryption-1", roots: [], phase: .trustBoth, started: 0)
        try store.move(to: state)
        let busy = #expect(throws: CredentialStoreError.self) { try RotationGuard.hold(spec) }
        #expect(busy?.status == .lockHeld)
        withExtendedLifetime(process) {}
    }

    private func admit(_ spec: ClusterSpec, isAsked: Bool = false, isPlan: Bool = false) throws -> RotationLock? {
        try RotationGuard.admit(
            "etcd's state would be put back",
            spec,
            inventory: "i.yaml",
            isAsked: isAsked,
            isPlan: isPlan,
            console: Console(quiet: true)
        )
    }

    @Test func `what changes the ground under a rotation is done only where somebody asked for it`() throws {
        var spec = try SampleCluster.spec("lab-debian.yaml")
        spec.pki.directory = NSTemporaryDirectory() + "provision-guard-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: spec.pki.directory) }
        #expect(try admit(spec) == nil)
        let store = CredentialStore(directory: spec.pki.directory, now: 0)
        var state = TrustState()
        state.rotation = Rotation(id: "ca-1", roots: [], phase: .newLeaves, started: 0)
        try store.move(to: state)
        let refused = #expect(throws: CommandFailure.self) { try admit(spec) }
        #expect(refused?.status == .refused && refused?.remedy.contains("--during-rotation") == true)
        #expect(refused?.message == "the rotation ca-1 is at new-leaves, and etcd's state would be put back beside it")
        #expect(try admit(spec, isPlan: true) == nil)
        let turn = try admit(spec, isAsked: true)
        #expect(turn != nil)
        // As long as it lasts no process goes on with the rotation.
        #expect(throws: CredentialStoreError.self) { try store.lockForRotation() }
        withExtendedLifetime(turn) {}
    }

    @Test func `a rotation that nobody goes on with leaves its turn to apply`() throws {
        var spec = try SampleCluster.spec("lab-debian.yaml")
        spec.pki.directory = NSTemporaryDirectory() + "provision-guard-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: spec.pki.directory) }
        var state = TrustState()
        state.rotation = Rotation(id: "encryption-1", roots: [], phase: .trustBoth, started: 0)
        try CredentialStore(directory: spec.pki.directory, now: 0).move(to: state)
        let turn = try RotationGuard.hold(spec)
        #expect(turn != nil)
        #expect(throws: CredentialStoreError.self) {
            try CredentialStore(directory: spec.pki.directory, now: 0).lockForRotation()
        }
        withExtendedLifetime(turn) {}
    }
}
