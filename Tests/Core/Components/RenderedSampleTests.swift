import Foundation
import ProvisionCore
import Templates
import Testing

/// Every file that an inventory's hosts would get, from the inventory's first line to the last unit: what a template's own
/// golden file cannot see is what the renderer passes to it.
@Suite struct RenderedSampleTests {
    private static let samples = [
        "lab.yaml", "lab-debian.yaml", "single.yaml", "external-etcd.yaml", "ha-two-load-balancers.yaml",
    ]

    @Test(arguments: samples) func `a sample's hosts get the golden files`(_ sample: String) async throws {
        let plan = try await SampleMaterials.shared.plan(sample)
        var seen: Set<Set<Role>> = []
        // The first host of each kind: the others differ in names and addresses.
        for lane in plan.lanes where seen.insert(lane.host.roles).inserted {
            let files = lane.resources.compactMap { ($0 as? FileResource)?.file }.sorted { $0.path < $1.path }
            let text = files.map(Self.text).joined(separator: "\n")
            let name = "\(sample.prefix { $0 != "." })/\(lane.host.name).txt"
            let golden = InventoryFixtures.core.appending(path: "Golden/rendered/\(name)")
            #expect(try InventoryFixtures.matchesGolden(text, golden), "\(name) differs")
        }
    }

    /// Keys and certificates are new each time.
    private static func text(_ file: RenderedFile) -> String {
        let head = "==> \(file.path) \(String(file.mode, radix: 8)) \(file.owner):\(file.group)"
        guard file.secrecy == .open else { return "\(head)\n(secret)\n" }
        let text = String(decoding: file.content, as: UTF8.self)
        return "\(head)\n" + (text.contains("-----BEGIN") ? "(PEM)\n" : text)
    }
}
