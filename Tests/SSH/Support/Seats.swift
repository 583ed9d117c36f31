/// Lets few tests with servers run at once: each waits for real time, which many together would stretch.
actor Seats {
    static let shared = Seats(6)
    @TaskLocal private static var isSeated = false

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { free = count }

    /// Takes a seat unless the task has one already, so that a test with three servers needs one.
    nonisolated func whileSeated<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        if Self.isSeated { return try await body() }
        await take()
        do {
            let result = try await Self.$isSeated.withValue(true, operation: body)
            await give()
            return result
        } catch {
            await give()
            throw error
        }
    }

    private func take() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func give() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
