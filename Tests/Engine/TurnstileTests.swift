import ProvisionCore
import ProvisionEngine
import Testing

@Suite struct TurnstileTests {
    @Test(arguments: [
        (RollingGroup.kubelet, 3, 1), (.kubelet, 19, 1), (.kubelet, 40, 4), (.kubeProxy, 100, 10), (.runtime, 20, 2),
        (.etcd, 100, 1), (.apiServer, 30, 1),
    ])
    func `nodes go in waves, everything else one at a time`(_ group: RollingGroup, _ count: Int, _ width: Int) {
        #expect(group.width(among: count, nodes: .percent(10)) == width)
    }

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

    /// The most that were inside at the same time.
    private func most(_ turnstile: Turnstile, _ group: RollingGroup) async -> Int {
        let room = Room()
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<20 {
                tasks.addTask {
                    guard await turnstile.enter(group) == nil else { return }
                    await room.enter()
                    try? await Task.sleep(for: .milliseconds(2))
                    await room.leave()
                    await turnstile.leave(group)
                }
            }
        }
        return await room.most
    }

    @Test func `never more than a group's width are inside`() async {
        #expect(await most(Turnstile(widths: [.kubelet: 4]), .kubelet) == 4)
        #expect(await most(Turnstile(), .etcd) == 1)
    }

    @Test func `after one has failed nobody enters`() async {
        let turnstile = Turnstile(widths: [.kubelet: 2])
        #expect(await turnstile.enter(.kubelet) == nil)
        await turnstile.leave(.kubelet, failure: "it did not come back")
        #expect(await turnstile.enter(.kubelet) == "it did not come back")
        #expect(await turnstile.enter(.etcd) == nil)
    }
}
