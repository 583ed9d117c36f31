import Foundation
import Testing

/// What each folder may import; a new line here is a decision about the architecture.
@Suite struct ImportTests {
    /// What the operating system gives; only folders with effects may have it.
    private static let platform: Set = ["Foundation", "FoundationEssentials", "Glibc", "Dispatch", "Synchronization"]
    private static let allowed: [String: Set<String>] = [
        "Templates": [],
        "PKI": ["Templates", "COpenSSL", "X509", "SwiftASN1", "Crypto", "FoundationEssentials", "Glibc"],
        "Provisioner/Core": ["Templates", "PKI", "Yams", "Crypto"],
        "Provisioner/Engine": platform.union(["ProvisionCore", "Templates", "SystemPackage"]),
        "Provisioner/SSH": platform.union([
            "ProvisionCore", "Templates", "CLibSSH2", "Crypto", "Subprocess", "SystemPackage",
        ]),
        "Provisioner/Lab": platform.union(["ProvisionCore", "Templates", "Subprocess", "SystemPackage"]),
        "Provisioner/Artifacts": platform.union([
            "Templates", "AsyncHTTPClient", "NIOCore", "NIOHTTP1", "Crypto", "Subprocess", "SystemPackage",
        ]),
    ]
    private static let sources = InventoryFixtures.repository.appending(path: "Sources")

    /// Modules by the file that imports them.
    private func imports(_ folder: String) throws -> [(file: String, module: String)] {
        let root = Self.sources.appending(path: folder)
        let files = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
        return try files.filter { $0.hasSuffix(".swift") }.sorted().flatMap { file in
            try String(contentsOf: root.appending(path: file), encoding: .utf8).split(separator: "\n")
                .compactMap { line in Self.module(line).map { (file, $0) } }
        }
    }

    /// `package import Templates`, `@preconcurrency import Dispatch`, `import struct Foundation.Date`.
    private static func module(_ line: Substring) -> String? {
        let words = line.split(separator: " ")
        guard let keyword = words.firstIndex(of: "import"), keyword <= 2,
            words[..<keyword].allSatisfy({
                $0.hasPrefix("@") || ["package", "internal", "private", "public"].contains($0)
            })
        else { return nil }
        return words.last.map { String($0.prefix { $0 != "." }) }
    }

    @Test(arguments: allowed.keys.sorted())
    func `a folder imports only what stands left of it`(_ folder: String) throws {
        let foreign = try imports(folder).filter { Self.allowed[folder]?.contains($0.module) == false }
        #expect(foreign.map { "\($0.file): \($0.module)" } == [])
    }

    @Test func `every folder with sources is in the table`() throws {
        let known = Set(Self.allowed.keys).union(["Provisioner/CLI"])
        let files = FileManager.default.enumerator(atPath: Self.sources.path)?.compactMap { $0 as? String } ?? []
        let folders = files.filter { $0.hasSuffix(".swift") }.map { file in
            let parts = file.split(separator: "/")
            return parts.prefix(parts[0] == "Provisioner" ? 2 : 1).joined(separator: "/")
        }
        #expect(Set(folders) == known)
    }

    @Test(arguments: [
        ("package import Templates", "Templates"), ("@preconcurrency import Dispatch", "Dispatch"),
        ("@_spi(FixedExpiryValidationTime) import X509", "X509"), ("import struct Foundation.Date", "Foundation"),
    ])
    func `an import is seen in every form`(_ line: String, _ module: String) {
        #expect(Self.module(line[...]) == module)
        #expect(Self.module("// \(line)"[...]) == nil)
    }

    /// Clock, files and environment come in as values.
    @Test func `the core reads no clock, no file and no environment`() throws {
        let root = Self.sources.appending(path: "Provisioner/Core")
        let files = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
        let pattern =
            /\b(?:FileManager|ProcessInfo|URLSession|ContinuousClock|SuspendingClock)\b|\b(?:Date|getenv|print)\(/
        for file in files where file.hasSuffix(".swift") {
            let text = try String(contentsOf: root.appending(path: file), encoding: .utf8)
            #expect(text.firstMatch(of: pattern) == nil, "\(file)")
        }
    }
}
