import Foundation

/// Processes of this machine.
enum ProcessTable {
    /// Whether it still runs: one that is dead and was not collected by its parent yet does not.
    static func isRunning(_ process: Int32) -> Bool {
        guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let name = stat.lastIndex(of: ")")
        else { return false }
        return !["Z", "X"].contains(stat[name...].split(separator: " ").dropFirst().first ?? "X")
    }
}
