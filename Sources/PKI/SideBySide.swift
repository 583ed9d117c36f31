import FoundationEssentials

/// Work on many values at once, a piece of them for each processor.
enum SideBySide {
    /// Maps values; the results are in the order of the values.
    ///
    /// - Parameters:
    ///   - values: What to work on; few of them are not worth a second task.
    ///   - transform: Must not depend on the others.
    /// - Returns: One result per value.
    /// - Throws: What the first failing piece throws.
    @inline(never)  // Inlined, an optimised build of Swift 6.3.1 crashes on its callers (CoroSplit, swifterror).
    static func map<Value: Sendable, Result: Sendable>(
        _ values: [Value],
        _ transform: @escaping @Sendable (Value) async throws -> Result
    ) async throws -> [Result] {
        let pieces = min(ProcessInfo.processInfo.activeProcessorCount, values.count / 8 + 1)
        let size = (values.count + pieces - 1) / max(1, pieces)
        return try await withThrowingTaskGroup(of: (Int, [Result]).self) { group in
            for start in stride(from: 0, to: values.count, by: max(1, size)) {
                group.addTask {
                    var results: [Result] = []
                    for value in values[start..<min(start + size, values.count)] {
                        results.append(try await transform(value))
                    }
                    return (start, results)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }
}
