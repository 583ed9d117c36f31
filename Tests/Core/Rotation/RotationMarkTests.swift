import Foundation
import PKI
import ProvisionCore
import Templates
import Testing

@Suite struct RotationMarkTests {
    private func rotation(_ phase: RotationPhase, isBack: Bool = false) -> Rotation {
        var rotation = Rotation(id: "ca-1", roots: [.kubernetes, .etcd], phase: phase, started: 0)
        rotation.isRollingBack = isBack
        rotation.startedBy = "jane doe@there"
        return rotation
    }

    private func marker(_ mark: RotationMark?) -> MarkerResource {
        MarkerResource(clusterID: "id-1", clusterName: "lab", host: "worker-0", rotation: mark)
    }

    private static let foreign = "marked id-1 lab worker-0 ; ca-1 trust-both kubernetes-ca,etcd-ca jane@there"

    @Test func `a store that does not know a host's rotation is refused with who began it`() {
        let other = Rotation(id: "ca-2", roots: [.kubernetes], phase: .trustBoth, started: 0)
        let words =
            "refused: worker-0 is in the rotation ca-1 (kubernetes-ca,etcd-ca at trust-both, begun by jane@there), which this store does not know"
        for mark in [RotationMark(), RotationMark(other), RotationMark(ended: ["ca-0"])] {
            #expect(marker(mark).outline(Self.foreign) == words)
        }
    }

    @Test func `a store that has the same rotation, or has seen its end, goes on`() {
        for mark in [RotationMark(rotation(.newLeaves)), RotationMark(ended: ["ca-1"]), nil] {
            #expect(marker(mark).outline(Self.foreign) == "same: belongs to lab")
        }
        #expect(marker(RotationMark()).outline("marked id-1 lab worker-0") == "same: belongs to lab")
        #expect(marker(RotationMark()).outline("marked id-2 b c ; ca-1").hasPrefix("refused: worker-0 belongs to"))
    }

    /// The question of the first look, as a host's shell answers it.
    @Test(arguments: [(true, " ; ca-1 trust-both"), (false, "")])
    func `both marks are read by one question`(_ rotates: Bool, _ end: String) throws {
        let here = NSTemporaryDirectory() + "provision-mark-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: here) }
        try FileManager.default.createDirectory(atPath: here, withIntermediateDirectories: true)
        try "id-1 lab worker-0\n".write(toFile: here + "/cluster", atomically: true, encoding: .utf8)
        if rotates { try "ca-1 trust-both\n".write(toFile: here + "/rotation", atomically: true, encoding: .utf8) }
        guard case .script(let script) = marker(RotationMark()).probe else {
            Issue.record("no script")
            return
        }
        let text = try LocalShell.run("set -f\n" + script.replacing("/etc/provision", with: here)).text
        #expect(text.split(separator: "\n").joined(separator: " ") == "marked id-1 lab worker-0\(end)")
    }

    @Test func `it is written with the first stage and removed with the last, in either direction`() async throws {
        let sample = try await SamplePlan.make("lab-debian.yaml")
        func own(_ mark: RotationMark) -> [any Resource] {
            var materials = sample.materials
            materials.rotation = mark
            let plan = Planner(spec: sample.spec, materials: materials).plan()
            #expect(ConsistencyProver(spec: sample.spec, plan: plan).violations().isEmpty)
            let own = plan.lanes.map { lane in lane.resources.filter { $0.id.hasSuffix(":\(RotationMark.path)") } }
            #expect(Set(own.map(\.count)).count == 1, "every host has it")
            return own[0]
        }
        #expect(own(RotationMark(ended: ["ca-0"])).isEmpty)
        let text = own(RotationMark(rotation(.trustBoth))).compactMap { ($0 as? FileResource)?.file.text }
        #expect(text == ["ca-1 trust-both kubernetes-ca,etcd-ca janedoe@there\n"])
        let back = own(RotationMark(rotation(.trustBoth, isBack: true))).compactMap { ($0 as? FileResource)?.file.text }
        #expect(back == ["ca-1 trust-both-back kubernetes-ca,etcd-ca janedoe@there\n"])
        for phase in [RotationPhase.oldOnly, .distrust] {
            let absent = try #require(own(RotationMark(rotation(phase))).first)
            #expect(absent.scripts("is still there", status: 1) == ["rm -f \(RotationMark.path)"])
            #expect(absent.outline("") == "same: is so")
        }
    }

    @Test func `a cluster is stopped and started beside any rotation`() async throws {
        let sample = try await SamplePlan.make("lab-debian.yaml")
        let power = ClusterPower(plan: sample.plan)
        let marks = (power.stopping + power.starting).flatMap(\.plan.lanes).compactMap(\.resources.first)
        #expect(!marks.isEmpty)
        let id = sample.materials.clusterID
        for mark in marks { #expect(mark.outline("marked \(id) lab x ; ca-9 trust-both").hasPrefix("same: ")) }
    }
}
