import Glibc
import SystemPackage

/// Keeps two runs of the program from building or fetching into the same cache at once.
struct CacheGuard: Sendable {
    let path: FilePath

    /// Runs `body` while holding the lock; waits for another holder and reports that once.
    func locked<Result: Sendable>(
        waiting: () -> Void,
        _ body: () async throws -> Result
    ) async throws -> Result {
        try Files.createDirectory(path.removingLastComponent())
        let file = try FileDescriptor.open(
            path,
            .readWrite,
            options: [.create, .closeOnExec],
            permissions: [.ownerReadWrite]
        )
        // Closing the descriptor releases the lock, also when the process dies.
        defer { try? file.close() }
        var told = false
        while flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else { throw Errno(rawValue: errno) }
            if !told { waiting() }
            told = true
            try await Task.sleep(for: .milliseconds(250))
        }
        return try await body()
    }
}
