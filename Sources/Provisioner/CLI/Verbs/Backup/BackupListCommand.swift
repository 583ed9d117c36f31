import ArgumentParser
import Foundation
import PKI
import ProvisionCore
import SystemPackage

/// `provision backup list`: what lies in a directory; nothing is opened.
struct BackupListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the back-ups in a directory, the newest first; no passphrase is needed.",
        discussion: """
            EXAMPLES:
              provision backup list
              provision backup list -o json backups

            Exit status: 0 listed, 2 one of them is not whole.
            """
    )

    @Argument(help: "The directory.", completion: .directory)
    var directory = "."

    @OptionGroup var output: OutputOptions

    @OptionGroup var format: FormatOptions

    private typealias Line = BackupListDocument.Line

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            let lines = try lines(Places.absolute(directory))
            if format.isJSON {
                console.result(JSONOutput.text(BackupListDocument(backups: lines)))
            } else {
                if lines.isEmpty { console.note("no back-ups in \(directory)") }
                lines.map(text).forEach(console.result)
            }
            if lines.contains(where: { $0.problem != nil }) { throw ExitStatus.changesPending.code }
        }
    }

    private func lines(_ folder: String) throws -> [Line] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw CommandFailure(
                "\(directory): cannot be read",
                remedy: "give the directory in which back-ups lie",
                status: .failed
            )
        }
        let found = names.compactMap { name in BackupName(file: name).map { (name, $0) } }
        return found.sorted { ($0.1.time, $0.0) > ($1.1.time, $1.0) }.map { file, name in
            let path = "\(folder)/\(file)"
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            let size = (attributes?[.size] as? Int) ?? 0
            let made = (try? Date(name.timestamp, strategy: .iso8601)) ?? Date()
            let state = Self.state(path, size: size)
            return Line(
                file: file,
                cluster: name.cluster,
                clusterID: name.id,
                time: name.timestamp,
                revision: name.revision,
                sizeBytes: size,
                ageSeconds: Int(Date().timeIntervalSince(made)),
                sealedWith: state.kind,
                problem: state.problem
            )
        }
    }

    /// Whether it is whole, as far as its length says.
    private static func state(_ path: String, size: Int) -> (kind: String?, problem: String?) {
        do {
            let (kind, wanted) = try SealedArchive.describe(try BackupFile(path: path).head())
            if size != wanted { return (kind.words, "\(size) of \(wanted) bytes are there") }
            return (kind.words, nil)
        } catch { return (nil, "\(error)") }
    }

    private func text(_ line: Line) -> String {
        let age = Self.age(line.ageSeconds)
        let state = line.problem.map { "× \($0)" } ?? "sealed with a \(line.sealedWith ?? "?")"
        let cluster = line.clusterID.map { "\(line.cluster) (\($0))" } ?? line.cluster
        return
            "\(line.time)  \(cluster)  revision \(line.revision)  \(ByteCount.text(line.sizeBytes))  \(age) old  \(state)  \(line.file)"
    }

    static func age(_ seconds: Int) -> String {
        switch seconds {
        case ..<3600: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }
}
