/// At most so many at once.
package actor Limiter {
    private var free: Int
    private var queue: [CheckedContinuation<Void, Never>] = []

    package init(_ limit: Int) { free = max(1, limit) }

    package func run<Result: Sendable>(_ body: @Sendable () async throws -> Result) async rethrows -> Result {
        await enter()
        defer { leave() }
        return try await body()
    }

    func enter() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { queue.append($0) }
    }

    func leave() {
        guard !queue.isEmpty else {
            free += 1
            return
        }
        queue.removeFirst().resume()
    }
}
