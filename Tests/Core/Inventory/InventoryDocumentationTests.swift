import Foundation
import ProvisionCore
import Templates
import Testing

/// `docs/inventory.md` names every key, and shows nothing that the program would not take or print.
@Suite struct InventoryDocumentationTests {
    /// For snippets that say nothing of hosts.
    private static let hosts = """
        hosts:
          controllers: [{ name: controller-0, address: 192.168.2.2 }]
          workers: [controller-0]

        """

    private func document() throws -> String {
        try String(contentsOf: InventoryFixtures.repository.appending(path: "docs/inventory.md"), encoding: .utf8)
    }

    /// What stands between fences of a language.
    private func blocks(_ language: String) throws -> [String] {
        try document().components(separatedBy: "```\(language)\n").dropFirst()
            .compactMap { $0.components(separatedBy: "```").first }
    }

    /// Words between backticks, be it one or three.
    private func codeWords() throws -> Set<String> {
        let pieces = try document().split(separator: "`", omittingEmptySubsequences: false)
        let code = pieces.enumerated().filter { !$0.offset.isMultiple(of: 2) }.map(\.element)
        let words = code.flatMap { piece in
            piece.split { character in !(character.isLetter || character.isNumber || character == "-") }
        }
        return Set(words.map(String.init))
    }

    /// Keys below a shape, and the words that stand for a value.
    private static func words(_ shape: InventoryShape) -> Set<String> {
        switch shape {
        case .object(let object):
            object.keys.reduce(into: []) { result, key in
                result.insert(key.name)
                result.formUnion(words(key.shape))
            }
        case .list(let item): words(item)
        case .table(_, let values): words(values)
        case .keyed(let names, let values): words(values).union(names)
        case .either(let shapes): shapes.reduce(into: []) { result, shape in result.formUnion(words(shape)) }
        case .choice(let names): Set(names)
        default: []
        }
    }

    @Test func `every key, and every word that a key may hold, is in it`() throws {
        let known = Self.words(.object(InventoryKeys.root))
        #expect(known.count > 100)
        #expect(try known.subtracting(codeWords()).sorted() == [])
    }

    /// Key by key and value by value; whether the hosts of a snippet can be a cluster is another question.
    @Test func `its snippets hold known keys with values that fit`() throws {
        let snippets = try blocks("yaml")
        #expect(snippets.count >= 10)
        for snippet in snippets {
            let lines = snippet.split(separator: "\n")
            let version = lines.contains { $0.hasPrefix("apiVersion:") } ? "" : "apiVersion: provision/v1\n"
            let hosts = lines.contains { $0.hasPrefix("hosts:") } ? "" : Self.hosts
            let problems = InventoryFixtures.problems(version + snippet + hosts)
            #expect(problems.filter { $0.code.hasPrefix("inventory.") }.map(\.rendered) == [])
        }
    }

    @Test(arguments: SupportMatrix.minors)
    func `its table has the versions that go with a release`(_ minor: Int) throws {
        let versions = VersionDefaults.versions(for: KubernetesVersion(1, minor))
        let cells = [versions.etcd, versions.containerd, versions.runc, versions.cniPlugins, versions.coreDNS]
        let rows = try document().split(separator: "\n").filter { $0.hasPrefix("| 1.") && $0.contains("1.\(minor)") }
        #expect(rows.count == 1)
        #expect(rows.allSatisfy { $0.hasSuffix("| \(cells.joined(separator: " | ")) |") })
    }

    @Test func `its example of a problem is what a run prints`() throws {
        let golden = InventoryFixtures.core.appending(path: "Golden/inventory/overlaps.txt")
        let printed = try String(contentsOf: golden, encoding: .utf8)
        let examples = try blocks("text")
        #expect(examples.count == 1)
        #expect(examples.allSatisfy { printed.contains($0) })
    }
}
