import Foundation

/// Processes of this machine.
enum ProcessTable {
    static func isRunning(_ process: Int32) -> Bool {
        FileManager.default.fileExists(atPath: "/proc/\(process)")
    }
}
