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
        guard let data = Self.contents(absolute) else {
            let (why, remedy) = Self.obstacle(absolute, path)
            console.problem("\(path): error: \(why) [inventory.unreadable]\n  try  \(remedy)")
            throw ExitStatus.inventoryInvalid.code
        }
        let directory = URL(fileURLWithPath: absolute).deletingLastPathComponent().path
        try self.init(Array(data), path: path, directory: directory, console: console, places: places)
    }

    private static func contents(_ path: String) -> Data? {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue else {
            return nil
        }
        return FileManager.default.contents(atPath: path)
    }

    /// Why a file cannot be read, and a remedy that never writes over what is there.
    private static func obstacle(_ absolute: String, _ path: String) -> (why: String, remedy: String) {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: absolute, isDirectory: &isDirectory) else {
            return ("there is no such file", "provision init > \(path)")
        }
        if isDirectory.boolValue { return ("it is a directory", "give the inventory's file") }
        return FileManager.default.isReadableFile(atPath: absolute)
            ? ("it cannot be read as a file", "give a regular file")
            : ("permission denied", "run as a user who may read it, or change its owner or mode")
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
