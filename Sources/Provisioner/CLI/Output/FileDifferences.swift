import Foundation
import ProvisionCore
import ProvisionEngine
import Templates

/// What lies on the hosts now, beside what is wanted: unified differences of the files that would change.
///
/// Secret files are never read, nor any that only root may read: what lies there now may hold a key. One command per host that has such files.
enum FileDifferences {
    static func read(_ observed: [ObservedLane]) async -> [String: [String: String]] {
        await withTaskGroup(of: (String, [String: String]).self) { group in
            for lane in observed where lane.session != nil {
                group.addTask { (lane.lane.host.name, await differences(lane)) }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    private static func differences(_ lane: ObservedLane) async -> [String: String] {
        let files = zip(lane.lane.resources, lane.verdicts).compactMap { resource, verdict -> RenderedFile? in
            guard let file = resource as? FileResource, case .change(let why, _) = verdict, why == "content differs",
                file.file.secrecy == .open, file.file.mode & 0o044 != 0
            else { return nil }
            return file.file
        }
        guard !files.isEmpty, let session = lane.session else { return [:] }
        let script = files.map { file in
            "echo '== \(file.path)'; \(HereDocument(content: file.content).feeding("{ diff -u \(ShellQuoting.quote(file.path)) - | tail -n +3 | head -n 40; }"))"
        }
        guard let result = try? await session.run(script.joined(separator: "\n"), seconds: 60) else { return [:] }
        return parse(result.outputText)
    }

    private static func parse(_ output: String) -> [String: String] {
        var differences: [String: String] = [:]
        var path = ""
        for line in output.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("== ") {
                path = String(line.dropFirst(3))
            } else if !line.isEmpty {
                differences[path, default: ""] += line + "\n"
            }
        }
        return differences
    }
}
