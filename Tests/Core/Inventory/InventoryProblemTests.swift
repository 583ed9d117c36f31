import Foundation
import ProvisionCore
import Testing

/// Every broken inventory prints exactly what its golden file holds, and every code is printed by one of them.
@Suite struct InventoryProblemTests {
    @Test(arguments: InventoryFixtures.names(in: InventoryFixtures.broken))
    func brokenInventoryPrintsItsGolden(_ name: String) throws {
        let output = try InventoryFixtures.output(InventoryFixtures.broken.appending(path: name))
        let golden = InventoryFixtures.core.appending(path: "Golden/inventory/\(name.dropLast(5)).txt")
        #expect(try InventoryFixtures.matchesGolden(output, golden), "\(output)")
    }

    /// Read from the sources, so that a new code without a fixture fails.
    @Test func everyCodeHasAFixture() throws {
        let folder = InventoryFixtures.repository.appending(path: "Sources/Provisioner/Core/Inventory")
        let pattern =
            /"((?:inventory|hosts|topology|etcd|lab|network|ssh|services|versions|runtime|features|dns|artifacts|images|pki|flags)\.[a-z0-9]+(?:-[a-z0-9]+)*)"/
        var codes: Set<String> = []
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasSuffix(".swift") {
            let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            codes.formUnion(text.matches(of: pattern).map { String($0.1) })
        }
        var printed = ""
        for name in InventoryFixtures.names(in: InventoryFixtures.broken) {
            printed += try InventoryFixtures.output(InventoryFixtures.broken.appending(path: name))
        }
        // Too large to keep in the repository; made in `largeFileIsRefused`. `lab.subnet` is a key, no code.
        let elsewhere: Set = ["inventory.too-large", "lab.subnet"]
        let missing = codes.subtracting(elsewhere).filter { !printed.contains("[\($0)]") }.sorted()
        #expect(codes.count > 70)
        #expect(missing.isEmpty)
    }

    @Test func largeFileIsRefused() {
        let text = String(repeating: "# \(String(repeating: "x", count: 97))\n", count: 50_000)
        #expect(InventoryFixtures.codes(text) == ["inventory.too-large"])
    }

    @Test(arguments: ["[", "{a: ", "- ", "? ", "  "])
    func deepNestingEndsSoon(_ opening: String) {
        let text = String(repeating: opening, count: 200_000)
        let start = ContinuousClock.now
        #expect(!InventoryFixtures.codes(text).isEmpty)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func positionsCountUnicodeScalars() {
        let problems = InventoryFixtures.problems("{\"n\u{E4}me\": x, colour: y}\n").filter {
            $0.code == "inventory.unknown-key"
        }
        #expect(problems.map(\.column) == [2, 13])
        #expect(problems.last?.rendered.contains("\n            ^\n") == true)
    }

    @Test func severalProblemsComeInTheOrderOfTheFile() throws {
        let file = InventoryFixtures.broken.appending(path: "keys.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        let lines = InventoryFixtures.problems(text).map(\.line)
        #expect(lines.count >= 10)
        #expect(lines == lines.sorted())
    }
}
