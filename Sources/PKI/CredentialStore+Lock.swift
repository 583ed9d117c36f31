#if canImport(Glibc)
import Glibc
#endif

extension CredentialStore {
    /// Runs the body while no other process of this machine makes anything in the store.
    ///
    /// Two first runs at once would each make an authority, and the hosts would get leaves of both.
    ///
    /// - Parameters:
    ///   - seconds: How long to wait for the other; issuing takes less than that.
    ///   - body: What makes or replaces files.
    /// - Returns: What the body returns.
    /// - Throws: `CredentialStoreError.Code.busy`; what the body throws.
    func exclusively<Value: Sendable>(
        patience seconds: Int = 60,
        _ body: () async throws -> Value
    ) async throws -> Value {
        guard !isDryRun else { return try await body() }
        try directory.create()
        let descriptor = open(directory.file("lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw busy("the lock file cannot be opened: \(String(cString: strerror(errno)))") }
        // Closing gives the lock back, and so does the end of the process.
        defer { close(descriptor) }
        let end = ContinuousClock.now + .seconds(seconds)
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard ContinuousClock.now < end else { throw busy("another run has been working in it for \(seconds) s") }
            try await Task.sleep(for: .milliseconds(20))
        }
        return try await body()
    }

    private func busy(_ reason: String) -> CredentialStoreError {
        CredentialStoreError(
            code: .busy,
            subject: directory.path,
            reason: reason,
            remedy: "wait for the other run, or see who it is: fuser -v \(directory.file("lock"))"
        )
    }
}
