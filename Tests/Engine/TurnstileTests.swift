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

    /// The most that were inside at the same time.
    private func most(_ turnstile: Turnstile, _ group: RollingGroup) async -> Int {
        let room = Room()
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<20 {
                tasks.addTask {
                    guard await turnstile.enter(group, by: "a") == nil else { return }
                    await room.enter()
                    try? await Task.sleep(for: .milliseconds(2))
                    await room.leave()
                    await turnstile.leave(group, by: "a")
                }
            }
        }
        return await room.most
    }

    @Test func `never more than a group's width are inside`() async {
        #expect(await most(Turnstile(widths: [.kubelet: 4]), .kubelet) == 4)
        #expect(await most(Turnstile(), .etcd) == 1)
    }

    @Test func `of all controllers one alone is without a part of the control plane`() async {
        let turnstile = Turnstile(widths: [.apiServer: 1, .controllerManager: 1, .scheduler: 1])
        let room = Room()
        await withTaskGroup(of: Void.self) { tasks in
            for group in [RollingGroup.apiServer, .controllerManager, .scheduler] {
                for host in ["a", "b", "c"] {
                    tasks.addTask {
                        guard await turnstile.enter(group, by: host) == nil else { return }
                        await room.enter()
                        try? await Task.sleep(for: .milliseconds(2))
                        await room.leave()
                        await turnstile.leave(group, by: host)
                    }
                }
            }
        }
        #expect(await room.most == 1)
    }

    @Test func `no API server is touched after a control loop that did not come back`() async {
        let turnstile = Turnstile()
        #expect(await turnstile.enter(.controllerManager, by: "a") == nil)
        await turnstile.leave(.controllerManager, by: "a", failure: "it did not come back")
        #expect(await turnstile.enter(.apiServer, by: "b") == "it did not come back")
        #expect(await turnstile.enter(.etcd, by: "b") == nil)
    }

    @Test func `after one has failed nobody enters`() async {
        let turnstile = Turnstile(widths: [.kubelet: 2])
        #expect(await turnstile.enter(.kubelet, by: "a") == nil)
        await turnstile.leave(.kubelet, by: "a", failure: "it did not come back")
        #expect(await turnstile.enter(.kubelet, by: "a") == "it did not come back")
        #expect(await turnstile.enter(.etcd, by: "a") == nil)
    }

    @Test func `who waits is told why nobody may enter any more`() async {
        let turnstile = Turnstile()
        #expect(await turnstile.enter(.etcd, by: "a") == nil)
        async let second = turnstile.enter(.etcd, by: "b")
        await turnstile.leave(.etcd, by: "a", failure: "a did not come back")
        #expect(await second == "a did not come back")
    }

    /// The order in which hosts that are started at once get their turn.
    private actor Order {
        private(set) var hosts: [String] = []
        func add(_ host: String) { hosts.append(host) }
    }

    @Test(arguments: [true, false])
    func `those that serve already wait for those that do not, however these end`(_ enters: Bool) async {
        let turnstile = Turnstile(first: [.apiServer: ["new-1", "new-2"]])
        let order = Order()
        await withTaskGroup(of: Void.self) { tasks in
            for host in ["old", "new-1", "new-2"] {
                tasks.addTask {
                    if host != "old" { try? await Task.sleep(for: .milliseconds(20)) }
                    if host == "old" || enters { _ = await turnstile.enter(.apiServer, by: host) }
                    await order.add(host)
                    if host == "old" || enters { await turnstile.leave(.apiServer, by: host) }
                    await turnstile.finish(host)
                }
            }
        }
        #expect(await order.hosts.last == "old")
    }
}
