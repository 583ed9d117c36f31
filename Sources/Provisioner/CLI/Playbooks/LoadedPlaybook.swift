import ArgumentParser
import Foundation
import ProvisionCore

/// A playbook read from its file with everything that it takes from beside it.
struct LoadedPlaybook {
    let path: String
    let playbook: Playbook
    /// Contents of the local files that its steps name.
    let sources: [String: [UInt8]]

    /// Shows every problem, and ends the verb with 78 where there is one.
    init(_ path: String, console: Console) throws {
        switch Self.load(path) {
        case .success(let loaded): self = loaded
        case .failure(let problems):
            console.problem(problems.description)
            throw ExitStatus.inventoryInvalid.code
        }
    }

    private init(path: String, playbook: Playbook, sources: [String: [UInt8]]) {
        self.path = path
        self.playbook = playbook
        self.sources = sources
    }

    /// Problems in words: an unreadable file is one too.
    static func load(_ path: String) -> Result<LoadedPlaybook, PlaybookProblems> {
        let absolute = Places.absolute(path)
        guard let data = UnreadableFile.contents(path) else {
            let obstacle = UnreadableFile(path, .playbook)
            let words = "\(obstacle.subject): cannot be read: \(obstacle.reason)"
            return .failure(PlaybookProblems("\(words)\n  try  \(obstacle.remedy)"))
        }
        let directory = URL(fileURLWithPath: absolute).deletingLastPathComponent().path
        let playbook: Playbook
        do throws(InventoryProblems) {
            playbook = try Playbook.decode(Array(data), path: path, directory: directory)
        } catch {
            return .failure(PlaybookProblems(error.description))
        }
        var sources: [String: [UInt8]] = [:]
        for source in playbook.sources {
            guard let data = FileManager.default.contents(atPath: source) else {
                return .failure(PlaybookProblems("\(path): its file \(source) cannot be read\n  try  correct `source`"))
            }
            sources[source] = Array(data)
        }
        return .success(LoadedPlaybook(path: path, playbook: playbook, sources: sources))
    }
}

/// Why a playbook cannot be used, as it is shown.
struct PlaybookProblems: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
