import Foundation

/// Processes of this machine.
enum ProcessTable {
    /// Whether it still runs: one that is dead and was not collected by its parent yet does not.
    ///
    /// Where `/proc` hides what belongs to others (`hidepid`), the kernel still says that there is such a process.
    static func isRunning(_ process: Int32) -> Bool {
        guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let name = stat.lastIndex(of: ")")
        else { return kill(process, 0) == 0 || errno == EPERM }
        return !["Z", "X"].contains(stat[name...].split(separator: " ").dropFirst().first ?? "X")
    }
}
