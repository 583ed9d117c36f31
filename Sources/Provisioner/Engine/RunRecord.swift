import FoundationEssentials
package import ProvisionCore
import Synchronization
import SystemPackage

/// One run as JSON Lines: everything that was shown can be derived from it.
///
/// The first line names the tool's and the schema's version; every line has its time (RFC 3339, UTC) and the run's id. The
/// last one says how the run ended, unless its process was killed.
package final class RunRecord: Sendable {
    private struct Line: Encodable {
        var time: String
        var run: String
        var event: RunEvent
    }

    package let path: String
    private let run: String
    private let descriptor: Mutex<FileDescriptor?>

    /// Creates the file, mode 0600.
    package init(path: String, run: String, header: String) throws {
        self.path = path
        self.run = run
        let file = try FileDescriptor.open(
            FilePath(path),
            .writeOnly,
            options: [.create, .append, .closeOnExec],
            permissions: [.ownerReadWrite]
        )
        try file.writeAll((header + "\n").utf8)
        descriptor = Mutex(file)
    }

    /// Appends one event; a full disk stops the record, never the run.
    package func append(_ event: RunEvent) {
        let line = Line(time: Timestamp.now(), run: run, event: event)
        guard var bytes = try? JSONEncoder().encode(line) else { return }
        bytes.append(0x0A)
        descriptor.withLock { file in
            do { try file?.writeAll(bytes) } catch { file = nil }
        }
    }

    deinit {
        descriptor.withLock { file in
            try? file?.close()
            file = nil
        }
    }
}

/// The time as logs write it.
package enum Timestamp {
    /// RFC 3339, UTC, to the second: `2026-11-24T16:30:00Z`.
    package static func now() -> String { Date().formatted(.iso8601) }
}
