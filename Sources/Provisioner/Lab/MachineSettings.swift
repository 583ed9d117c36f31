import Foundation

/// Kernel settings that are not namespaced, so the kubelet's wishes must be set on this machine; put back by the last lab.
struct MachineSettings {
    /// All labs' directory: the record belongs to no single one.
    let directory: String

    private static let wanted = [
        "vm.overcommit_memory": "1", "kernel.panic": "10", "kernel.panic_on_oops": "1", "net.ipv4.ip_forward": "1",
        "fs.inotify.max_user_instances": "8192", "fs.inotify.max_user_watches": "524288",
    ]

    private var record: String { directory + "/machine-settings" }

    func apply() async throws {
        if !FileManager.default.fileExists(atPath: record) {
            var lines = ""
            for name in Self.wanted.keys.sorted() {
                let value = try await Tool.run("sysctl", ["-n", name]).trimmingCharacters(in: .whitespacesAndNewlines)
                lines += "\(name)=\(value)\n"
            }
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try lines.write(toFile: record, atomically: true, encoding: .utf8)
        }
        try await Tool.run("sysctl", ["-q", "-w"] + Self.wanted.map { "\($0.key)=\($0.value)" })
    }

    /// Only when no other lab is left.
    func restore() async throws {
        let others =
            (try? FileManager.default.contentsOfDirectory(atPath: directory))?.filter { $0 != "machine-settings" } ?? []
        guard others.isEmpty, let text = try? String(contentsOfFile: record, encoding: .utf8) else { return }
        try await Tool.run("sysctl", ["-q", "-w"] + text.split(separator: "\n").map(String.init))
        // Another lab that ends at the same time may have been faster.
        do { try FileManager.default.removeItem(atPath: record) } catch CocoaError.fileNoSuchFile {}
    }
}
