import ProvisionArtifacts
import ProvisionCore
import ProvisionEngine
import SystemPackage
import Templates

/// Brings a snapshot from a host to this machine: piece by piece, so that memory stays flat, 0600 from its first byte,
/// and under its name only when its SHA-256 is the host's.
struct SnapshotTransfer {
    private static let piece = 8
    let session: HostSession
    let snapshot: HostSnapshot
    let stopRequest: StopRequest

    /// Fetches into a file that does not exist yet, or replaces one whole.
    ///
    /// - Throws: `CommandFailure` where it arrives damaged, cannot be written or is stopped between two pieces,
    ///   `TransportError`.
    func fetch(to path: String) async throws {
        try await AtomicPrivateFile.write(to: path) { file in
            var position = 0
            while position < snapshot.size {
                try stopRequest.check(
                    "the snapshot did not come here, and is taken away from \(session.host)",
                    remedy: "run the same command again"
                )
                let bytes = try await read(position)
                guard !bytes.isEmpty else { break }
                try file.writeAll(bytes)
                position += bytes.count
            }
        } check: { temporary in
            let found = try FileHasher.hash(FilePath(temporary))
            guard found.sha256 == snapshot.sha256 else {
                throw CommandFailure(
                    "\(session.host): the snapshot arrived damaged: \(found.size) bytes with sha256 \(found.sha256), not \(snapshot.size) with \(snapshot.sha256)",
                    remedy: "run again; if it comes back, look at the disks of both machines",
                    status: .failed
                )
            }
        }
    }

    private func read(_ position: Int) async throws(TransportError) -> [UInt8] {
        let path = ShellQuoting.quote(snapshot.path)
        let script = "dd if=\(path) bs=1048576 skip=\(position >> 20) count=\(Self.piece) 2> /dev/null"
        return try await session.run(script, seconds: 300).output
    }
}
