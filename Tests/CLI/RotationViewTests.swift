import Foundation
import PKI
import ProvisionCore
import Testing

@testable import provision

@Suite struct RotationViewTests {
    private struct Document: Decodable {
        struct Stage: Decodable {
            var phase: String
            var does: [String]
            var restarts: [String]
            var gates: [String]
        }

        struct Refusal: Decodable, Equatable {
            var reason: String
            var remedy: String
        }

        var schema: Int
        var roots: [String]
        var position: String
        var rotation: String?
        var rollingBack: Bool
        var survives: [String]
        var remarks: [String]
        var stages: [Stage]
        var refusals: [Refusal]
        var mayBegin: Bool
    }

    private func view(_ roots: [TrustRoot], _ phase: RotationPhase? = nil) throws -> RotationView {
        let rotation = phase.map { Rotation(id: "ca-1", roots: roots, phase: $0, started: 0) }
        return RotationView(roots: roots, rotation: rotation, spec: try SampleCluster.spec("lab-debian.yaml"))
    }

    private func document(_ view: RotationView) throws -> Document {
        try JSONDecoder().decode(Document.self, from: Data(view.json().utf8))
    }

    @Test func `a rotation that may begin is told to programs with every stage`() throws {
        let view = try view([.kubernetes, .etcd])
        let document = try document(view)
        #expect(document.schema == Version.schema && document.roots == ["kubernetes-ca", "etcd-ca"])
        #expect(document.position == "old-only" && document.rotation == nil)
        #expect(document.stages.map(\.phase) == ["trust-both", "new-leaves", "distrust"])
        #expect(document.stages.allSatisfy { $0.does.count == 2 && !$0.restarts.isEmpty && !$0.gates.isEmpty })
        #expect(document.survives.count == 3)
        #expect(document.refusals.isEmpty && document.mayBegin)
        #expect(!view.json().contains("\"rotation\""), "none is in progress")
    }

    @Test func `one in progress has its id and the stages from its position on`() throws {
        let document = try document(try view([.kubernetes], .newLeaves))
        #expect(document.rotation == "ca-1" && document.position == "new-leaves" && document.mayBegin)
        #expect(document.stages.map(\.phase) == ["new-leaves", "distrust"])
    }

    @Test func `one on its way back is shown with the steps that are left of it`() throws {
        var view = try view([.kubernetes], .trustBoth)
        #expect(try !document(view).rollingBack)
        var rotation = Rotation(id: "ca-1", roots: [.kubernetes], phase: .trustBoth, started: 0)
        rotation.isRollingBack = true
        view = RotationView(roots: [.kubernetes], rotation: rotation, spec: view.spec)
        #expect(view.lines[0] == "ca-1 stands at trust-both, on its way back")
        let shown = try document(view)
        #expect(shown.rollingBack && shown.stages.map(\.phase) == ["trust-both", "old-only"])
    }

    @Test func `what shall be taken back is shown by the way back`() throws {
        var view = try view([.etcd], .newLeaves)
        view.takesBack = true
        #expect(try document(view).stages.map(\.phase) == ["trust-both", "old-only"])
    }

    @Test func `who is on no list of those that lose their access is spoken of beforehand`() throws {
        var view = try view([.kubernetes, .etcd])
        view.people = 1
        let line = try #require(view.lines.first { $0.hasPrefix("people      1 person is on the list ") })
        #expect(line.contains("before that list began") && line.hasSuffix("loses access at distrust"))
        #expect(try document(view).remarks.count == 1)
        view.takesBack = true
        #expect(try document(view).remarks.isEmpty, "the way back trusts what was trusted before")
        #expect(try document(try self.view([.etcd])).remarks.isEmpty)
    }

    @Test func `every refusal is told with its remedy`() throws {
        var view = try view([.frontProxy])
        view.refusals = [
            .init("worker-0 is not reachable: timed out\u{1B}[0m", remedy: "bring it back"),
            .init("the clock of lb-0 is 31 s off", remedy: "chronyc makestep on lb-0"),
        ]
        let document = try document(view)
        #expect(!document.mayBegin && document.stages.count == 3)
        #expect(
            document.refusals == [
                .init(reason: "worker-0 is not reachable: timed out[0m", remedy: "bring it back"),
                .init(reason: "the clock of lb-0 is 31 s off", remedy: "chronyc makestep on lb-0"),
            ]
        )
    }

    @Test func `without anything to rotate there is nothing but the refusal`() throws {
        var view = try view([])
        view.refusals = [.init("no rotation is in progress", remedy: "name what to rotate")]
        let document = try document(view)
        #expect(document.roots.isEmpty && document.stages.isEmpty && document.survives.isEmpty && !document.mayBegin)
    }

    @Test func `people read the position, what goes on serving, and the stages`() throws {
        let lines = try view([.serviceAccount], .newLeaves).lines
        #expect(lines[0] == "ca-1 stands at new-leaves" && lines[1].hasPrefix("survives    API: 2 of 3"))
        #expect(lines[2] == "new-leaves" && lines[3].hasPrefix("  does      service-account: "))
        #expect(lines.contains("  restarts  kube-apiserver, one at a time") && lines.contains("distrust"))
        #expect(try view([.serviceAccount]).lines[0].hasPrefix("survives"))
    }
}
