import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// A process that the lab started, told from a later one with the same number by its start time.
struct LabProcess: Equatable {
    var id: Int32
    /// Clock ticks after boot, field 22 of /proc/PID/stat.
    var start: String

    /// Reads `PID START`.
    init?(record: String) {
        let words = record.split(whereSeparator: \.isWhitespace).map(String.init)
        guard words.count == 2, let id = Int32(words[0]) else { return nil }
        self.id = id
        start = words[1]
    }

    /// The process with this number now.
    init?(id: Int32) {
        guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
            let start = Self.start(in: text)
        else { return nil }
        self.id = id
        self.start = start
    }

    /// The command's name may hold spaces and parentheses: fields are counted from the last one.
    static func start(in stat: String) -> String? {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? String(fields[19]) : nil
    }

    var record: String { "\(id) \(start)\n" }
    var isRunning: Bool { LabProcess(id: id) == self }

    func signal(_ number: Int32) {
        if isRunning { kill(id, number) }
    }
}
