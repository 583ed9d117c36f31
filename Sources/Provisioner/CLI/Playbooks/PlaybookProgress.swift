import Foundation

/// The token of a run that has not come to its end: the same command goes on with it, so that no host is rebooted twice.
struct PlaybookProgress {
    let token: String
    /// Whether an earlier run left it.
    let isContinued: Bool
    private let path: String
    private let directory: String

    init(directory: String, name: String, run: String) {
        self.directory = directory
        path = "\(directory)/\(name)"
        let left = (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
        let isWord = left.map {
            !$0.isEmpty && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        }
        isContinued = isWord ?? false
        token = isContinued ? left ?? run : run
    }

    /// A state directory that cannot be written costs a second reboot, not the run.
    func begin() {
        try? FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try? (token + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }

    func end() { try? FileManager.default.removeItem(atPath: path) }
}
