import Dispatch

/// Runs blocking file work outside the cooperative thread pool.
package func offloaded<Result: Sendable>(
    _ work: @escaping @Sendable () throws -> Result
) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
            continuation.resume(with: Swift.Result(catching: work))
        }
    }
}
