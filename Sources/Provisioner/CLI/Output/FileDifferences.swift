import ProvisionCore
import ProvisionEngine
import Templates

/// What lies on the hosts now, beside what is wanted: unified differences of the files that would change.
///
/// One command per host that has such files, over the connection that is open.
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
            guard let file = (resource as? FileResource)?.file, case .change(let why, _) = verdict,
                why == FileResource.differs || why == FileResource.edited, FileDifference.mayShow(file)
            else { return nil }
            return file
        }
        guard !files.isEmpty, let session = lane.session,
            let result = try? await session.run(FileDifference.script(files), seconds: 60)
        else { return [:] }
        return FileDifference.parse(result.outputText)
    }
}
