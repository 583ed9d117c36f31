import ProvisionEngine
import Testing

/// Who takes which file from where.
@Suite struct UploadRelayTests {
    private func peer(_ host: String) -> UploadRelay.Peer {
        UploadRelay.Peer(host: host, address: "192.0.2.1", port: 20_000)
    }

    private func relay(_ hosts: [String], held: [String: [String: String]] = [:], uploads: Int = 4) -> UploadRelay {
        UploadRelay(wanted: ["f": Set(hosts)], held: held, uploads: uploads)
    }

    /// A host has the file and sends it on.
    private func publish(_ host: String, _ relay: UploadRelay, _ turn: UploadRelay.Turn? = nil) async {
        await relay.proved("f", at: "/f", on: host)
        await relay.listens(peer(host))
        if let turn { await relay.ended(turn, by: host) }
    }

    @Test func `one host is sent a file, the others wait and take it from there`() async {
        let relay = relay(["a", "b"])
        let first = await relay.turn(of: ["f"], for: "a")
        #expect(first.source == .operator)
        async let second = relay.turn(of: ["f"], for: "b")
        await publish("a", relay, first)
        #expect(await second.source == .peer(peer("a")))
    }

    @Test func `two take from one host, a third from whoever has it next`() async {
        let relay = relay(["a", "b", "c", "d"])
        await publish("a", relay, await relay.turn(of: ["f"], for: "a"))
        let second = await relay.turn(of: ["f"], for: "b")
        let third = await relay.turn(of: ["f"], for: "c")
        #expect(second.source == .peer(peer("a")) && third.source == .peer(peer("a")))
        async let fourth = relay.turn(of: ["f"], for: "d")
        await publish("b", relay, second)
        #expect(await fourth.source == .peer(peer("b")))
    }

    @Test func `what no host has passes the operator's line at once, as much as may`() async {
        let relay = UploadRelay(wanted: ["f": ["a", "b", "c"], "g": ["a", "b", "c"]], uploads: 2)
        let first = await relay.turn(of: ["f", "g"], for: "a")
        let second = await relay.turn(of: ["f", "g"], for: "b")
        #expect(first.digest == "f" && second.digest == "g" && second.index == 1)
        #expect(first.source == .operator && second.source == .operator)
        async let third = relay.turn(of: ["h", "f"], for: "c")
        await publish("a", relay)
        // Its turn is not over yet, so the line is full, and a file that a host has is better than one that waits for it.
        #expect(await third.digest == "f")
    }

    @Test func `the operator goes before hosts where nobody has a file yet`() async {
        let relay = relay(["a", "b"])
        await publish("a", relay, await relay.turn(of: ["f"], for: "a"))
        let turn = await relay.turn(of: ["f", "g"], for: "b")
        #expect(turn.digest == "g" && turn.source == .operator)
    }

    @Test func `who fails with a file lets the next one begin`() async {
        let relay = relay(["a", "b"])
        let first = await relay.turn(of: ["f"], for: "a")
        async let second = relay.turn(of: ["f"], for: "b")
        await relay.ended(first, by: "a")
        #expect(await second.source == .operator)
    }

    @Test func `a peer that failed is not asked again by the same host`() async {
        let relay = relay(["a", "b", "c"])
        await publish("a", relay, await relay.turn(of: ["f"], for: "a"))
        let second = await relay.turn(of: ["f"], for: "b")
        await relay.ended(second, by: "b", isFailure: true)
        #expect(await relay.turn(of: ["f"], for: "b").source == .operator)
        #expect(await relay.turn(of: ["f"], for: "c").source == .peer(peer("a")))
    }

    @Test func `a peer that two hosts failed with is asked by nobody`() async {
        let relay = relay(["a", "b", "c", "d"])
        await publish("a", relay, await relay.turn(of: ["f"], for: "a"))
        for host in ["b", "c"] {
            let turn = await relay.turn(of: ["f"], for: host)
            #expect(turn.source == .peer(peer("a")))
            await relay.ended(turn, by: host, isFailure: true)
        }
        #expect(await relay.turn(of: ["f"], for: "d").source == .operator)
    }

    @Test func `a host that failed with two peers asks nobody any more, and does not wait`() async {
        let relay = relay(["a", "b", "c", "d"], uploads: 1)
        for host in ["a", "b", "c"] { await publish(host, relay) }
        for _ in 0..<2 {
            let turn = await relay.turn(of: ["f"], for: "d")
            #expect(turn.source != .operator)
            await relay.ended(turn, by: "d", isFailure: true)
        }
        #expect(await relay.turn(of: ["g"], for: "a").source == .operator)
        #expect(await relay.turn(of: ["f"], for: "d").source == .operator)
    }

    @Test func `nobody waits for a host that sends nothing on`() async {
        let relay = relay(["a", "b"])
        await relay.mutes("a")
        #expect(await relay.turn(of: ["f"], for: "a").source == .operator)
        #expect(await relay.turn(of: ["f"], for: "b").source == .operator)
    }

    @Test func `who waits for a busy host that is lost is sent the file`() async {
        let relay = relay(["a", "b", "c", "d"])
        await publish("a", relay, await relay.turn(of: ["f"], for: "a"))
        _ = await relay.turn(of: ["f"], for: "b")
        _ = await relay.turn(of: ["f"], for: "c")
        async let fourth = relay.turn(of: ["f"], for: "d")
        await relay.mutes("a")
        #expect(await fourth.source == .operator)
    }

    @Test(arguments: [true, false])
    func `a host that has the file from before is waited for until it says whether it listens`(_ listens: Bool) async {
        let relay = relay(["b"], held: ["a": ["f": "/f"]])
        #expect(await relay.offer(of: "a") == ["f": "/f"])
        async let turn = relay.turn(of: ["f"], for: "b")
        if listens { await relay.listens(peer("a")) } else { await relay.mutes("a") }
        let source: UploadRelay.Source = listens ? .peer(peer("a")) : .operator
        #expect(await turn.source == source)
        #expect(await relay.offer(of: "a") == nil)
    }

    @Test func `a host whose files nobody wants any more opens nothing, and is not waited for`() async {
        let relay = relay(["b"], held: ["a": ["f": "/f"]])
        await relay.leaves("b")
        #expect(await relay.offer(of: "a") == nil)
        #expect(await relay.turn(of: ["f"], for: "c").source == .operator)
    }

    @Test func `only what another host wants is worth a listener`() async {
        let relay = relay(["a", "b"])
        #expect(await relay.offer(of: "a") == nil)
        await relay.proved("f", at: "/f", on: "a")
        #expect(await relay.offer(of: "a") == ["f": "/f"])
        _ = await relay.turn(of: ["f"], for: "b")
        #expect(await relay.offer(of: "a") == nil)
        #expect(await relay.listening == [])
    }
}
