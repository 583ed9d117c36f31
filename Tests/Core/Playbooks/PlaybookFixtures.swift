import Foundation
import PKI
import ProvisionCore
import Templates
import Testing

/// Playbooks of the repository and of the tests.
enum PlaybookFixtures {
    static let shipped = InventoryFixtures.repository.appending(path: "playbooks")
    static let broken = InventoryFixtures.core.appending(path: "Fixtures/playbook")

    static func playbook(_ name: String) throws -> Playbook {
        let bytes = try InventoryFixtures.bytes(shipped.appending(path: name))
        return try Playbook.decode(bytes, path: name, directory: "/playbooks")
    }

    /// A playbook of these steps.
    static func playbook(hosts: String = "workers", steps: String) throws(InventoryProblems) -> Playbook {
        let text = """
            apiVersion: provision/v1
            name: test
            description: A test. Nothing more.
            hosts: \(hosts)
            steps:
            \(steps)
            """
        return try Playbook.decode(Array(text.utf8), path: "test.yaml", directory: "/playbooks")
    }

    /// The turn of the first host that a playbook of these steps means.
    static func turn(
        hosts: String,
        steps: String,
        _ edit: (inout ClusterSpec) -> Void = { _ in }
    ) async throws -> PlaybookTurn {
        try #require(try await waves(try playbook(hosts: hosts, steps: steps), edit).first?.first)
    }

    /// Turns of a playbook over the lab's hosts.
    static func waves(
        _ playbook: Playbook,
        _ edit: (inout ClusterSpec) -> Void = { _ in }
    ) async throws -> [[PlaybookTurn]] {
        var sample = try await SamplePlan.make("lab-debian.yaml")
        edit(&sample.spec)
        let planner = PlaybookPlanner(
            spec: sample.spec,
            playbook: playbook,
            plan: sample.plan,
            token: "run-1",
            sources: [:]
        )
        return planner.waves(playbook.hosts(of: sample.spec))
    }

    /// One line per segment and stage.
    static func outline(_ turn: PlaybookTurn) -> String {
        turn.segments.map { segment in
            let stages = segment.lane.stages.map { "    \($0.name): \($0.resources.map(\.id).joined(separator: " "))" }
            var kind = "\(segment.kind)"
            if case .collect(let collection) = segment.kind { kind = "collect \(collection.summary)" }
            return (["  \(kind) on \(segment.lane.host.name)"] + stages).joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
