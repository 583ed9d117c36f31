import ArgumentParser
import Foundation
import ProvisionCore
import Templates

/// An inventory read from its file, with every problem shown and exit status 78 where there is one.
struct LoadedInventory {
    let path: String
    let spec: ClusterSpec

    init(_ path: String, console: Console, places: Places = Places()) throws {
        let absolute = Places.absolute(path)
        guard let data = UnreadableFile.contents(path) else {
            let obstacle = UnreadableFile(path, .inventory)
            let words = "\(obstacle.subject): error: \(obstacle.reason) [inventory.unreadable]"
            console.problem("\(words)\n  try  \(obstacle.remedy)")
            throw ExitStatus.inventoryInvalid.code
        }
        let directory = URL(fileURLWithPath: absolute).deletingLastPathComponent().path
        try self.init(Array(data), path: path, directory: directory, console: console, places: places)
    }

    /// An inventory that is not in a file of its own.
    init(
        _ bytes: [UInt8],
        path: String,
        directory: String,
        console: Console,
        places: Places = Places()
    ) throws {
        self.path = path
        do throws(InventoryProblems) {
            let inventory = try Inventory.decode(
                bytes,
                path: path,
                directory: directory,
                context: Self.context(places, console)
            )
            for warning in inventory.warnings { console.note(warning.rendered) }
            spec = inventory.spec
        } catch {
            console.problem(error.description)
            throw ExitStatus.inventoryInvalid.code
        }
    }

    private static func context(_ places: Places, _ console: Console) -> InventoryContext {
        InventoryContext(
            environment: ProcessInfo.processInfo.environment,
            labPaths: { name in
                LabPaths(
                    identityFile: places.lab(name) + "/id_ed25519",
                    knownHostsFile: places.lab(name) + "/known_hosts"
                )
            },
            flagProblem: { component, flag, version in
                guard let known = FlagTable.Component(rawValue: component.rawValue) else { return nil }
                return FlagSet(known, [flag: ""]).problems(for: version).first?.description
            },
            hookProblem: { path in
                guard case .failure(let problems) = LoadedPlaybook.load(path) else { return nil }
                return problems.description.split(separator: "\n").first.map(String.init) ?? "it cannot be read"
            },
            podNetworks: { MembershipStore(directory: $0).known?.podNetworks ?? [:] },
            defaultHostKeyPolicy: console.canAsk ? .ask : .yes,
            architecture: .current
        )
    }
}
