import Testing

@testable import provision

@Suite struct TeardownViewTests {
    private let console = Console(quiet: true, noColour: true, environment: [:])

    @Test func `what stays on the operator's machine is named, with the way to be rid of it`() {
        let timer = TeardownView.Timer(name: "k.timer", removal: "provision backup timer --remove i.yaml")
        let lines = TeardownView(hosts: [], store: "/s", timers: [timer]).lines(console)
        #expect(lines.contains("       once the cluster is never needed again: rm -r /s"))
        #expect(lines.suffix(2) == ["stays  k.timer on this machine;", "       to remove it: \(timer.removal)"])
        #expect(TeardownView(hosts: [], store: nil, timers: []).lines(console).isEmpty, "where the store is lost")
    }
}
