import Testing

@testable import provision

@Suite struct JumpLimitsTests {
    /// Counts who is inside.
    private actor Room {
        private var now = 0
        private(set) var most = 0

        func enter() {
            now += 1
            most = max(most, now)
        }

        func leave() { now -= 1 }
    }

    @Test(.timeLimit(.minutes(1)))
    func `so many at once go through a jump host, in whatever order it is named`() async {
        let limits = JumpLimits(2)
        let room = Room()
        await withTaskGroup(of: Void.self) { tasks in
            for number in 0..<20 {
                let jumps = number.isMultiple(of: 2) ? ["a", "b"] : ["b", "a", "b"]
                tasks.addTask {
                    await limits.run(through: jumps) {
                        await room.enter()
                        try? await Task.sleep(for: .milliseconds(2))
                        await room.leave()
                    }
                }
            }
        }
        #expect(await room.most == 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func `nobody waits for another jump host's room`() async {
        let limits = JumpLimits(1)
        let through = await limits.run(through: ["a"]) { await limits.run(through: ["b"]) { true } }
        #expect(through)
    }
}
