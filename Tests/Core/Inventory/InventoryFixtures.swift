import Foundation
import ProvisionCore
import Templates

/// Files of the tests and of the repository, found from this file's own place.
enum InventoryFixtures {
    static let core = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    static let repository = core.deletingLastPathComponent().deletingLastPathComponent()
    static let broken = core.appending(path: "Fixtures/inventory")
    static let samples = repository.appending(path: "Inventory")

    static func names(in folder: URL) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted()
    }

    static func bytes(_ file: URL) throws -> [UInt8] { try [UInt8](Data(contentsOf: file)) }

    /// Knows one flag too few, so that the hook can be seen to work.
    static let context = InventoryContext(
        environment: ["HOME": "/home/user", "CLUSTER_NAME": "from-environment"],
        labPaths: { LabPaths(identityFile: "/state/\($0)/key", knownHostsFile: "/state/\($0)/known_hosts") },
        flagProblem: { component, flag, version in
            flag == "insecure-port" ? "\(component.rawValue) \(version) does not have it" : nil
        }
    )

    static func decode(_ text: String, context: InventoryContext = context) throws(InventoryProblems) -> Inventory {
        try Inventory.decode(Array(text.utf8), path: "inventory.yaml", directory: "/inventory", context: context)
    }

    static func problems(_ text: String) -> [InventoryProblem] {
        do throws(InventoryProblems) {
            return try decode(text).warnings
        } catch {
            return error.problems
        }
    }

    static func codes(_ text: String) -> [String] { problems(text).map(\.code) }

    /// What a run would print for a file, whether it decodes or not.
    static func output(_ file: URL) throws -> String {
        do {
            let inventory = try Inventory.decode(
                bytes(file),
                path: file.lastPathComponent,
                directory: "/inventory",
                context: context
            )
            return inventory.warnings.map(\.rendered).joined(separator: "\n") + "\naccepted\n"
        } catch let error as InventoryProblems {
            return error.description
        }
    }

    /// Compares with a golden file, or writes it when `UPDATE_GOLDEN=1`.
    static func matchesGolden(_ text: String, _ file: URL) throws -> Bool {
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try text.write(to: file, atomically: true, encoding: .utf8)
            return true
        }
        return try String(contentsOf: file, encoding: .utf8) == text
    }
}
