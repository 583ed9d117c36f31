import Foundation
import ProvisionArtifacts
import ProvisionCore
import SystemPackage

@testable import provision

/// A sample inventory, what it asks the artifact store for, and the plan that is made of just that.
enum SampleCluster {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Inventory")
    private static let console = Console(quiet: true, noColour: true, environment: [:])

    static func spec(_ sample: String) throws -> ClusterSpec {
        let bytes = [UInt8](try Data(contentsOf: folder.appending(path: sample)))
        let context = InventoryContext(
            environment: ["HOME": "/home/user"],
            labPaths: { LabPaths(identityFile: "/state/\($0)/key", knownHostsFile: "/state/\($0)/known_hosts") }
        )
        let directory = NSTemporaryDirectory() + "provision-no-store"
        return try Inventory.decode(bytes, path: sample, directory: directory, context: context).spec
    }

    static func request(_ spec: ClusterSpec) -> ArtifactRequest {
        ArtifactAccess(spec: spec, console: console, places: Places()).request
    }

    /// What the store would answer, by names alone.
    static func artifacts(_ request: ArtifactRequest) -> ArtifactSet {
        ArtifactSet(
            request.components.flatMap { id in
                request.architectures.map { artifact(id, $0, version: request.versions[id.family] ?? "1") }
            }
        )
    }

    private static func artifact(_ id: ArtifactID, _ architecture: Architecture, version: String) -> Artifact {
        let path = FilePath("/cache/\(id.rawValue)_\(version)_\(architecture.rawValue).deb")
        let file = ArtifactFile(path: path, size: 1, sha256: String(repeating: "0", count: 64))
        let kind: Artifact.Kind =
            switch id.shape {
            case .binary: .binary(installName: id.installName)
            case .debianPackages: .debianPackages([file])
            case .image: .image(reference: ImageReference.of(id.family, version: version))
            }
        return Artifact(
            id: id,
            version: version,
            architecture: architecture,
            kind: kind,
            path: path,
            size: file.size,
            sha256: file.sha256,
            origin: "a test"
        )
    }

    /// As `provision plan` makes it before the first apply, with credentials in memory.
    static func plan(_ spec: ClusterSpec) async throws -> Plan {
        let set = artifacts(request(spec))
        var materials = try await Materials(spec: spec, console: console, places: Places())
            .gather(dryRun: true, artifacts: .none)
        materials.uploads = ArtifactAccess.uploads(set)
        materials.packages = ArtifactAccess.packages(set)
        return Planner(spec: spec, materials: materials).plan()
    }
}
