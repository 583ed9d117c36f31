import Foundation

/// Files beside the tests.
enum Fixture {
    static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    static func lines(_ path: String) throws -> [String] {
        try String(contentsOf: directory.appendingPathComponent("Fixtures/\(path)"), encoding: .utf8)
            .split(separator: "\n").map(String.init)
    }

    /// Compares with a golden file, or writes it when UPDATE_GOLDEN=1; the result is the old text where it differs.
    static func golden(_ name: String, _ text: String) throws -> String? {
        let url = directory.appendingPathComponent("Golden/\(name)")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: url)
        }
        let expected = (try? String(contentsOf: url, encoding: .utf8)) ?? "<no golden file>"
        return expected == text ? nil : expected
    }
}
