import Templates
import Testing

@testable import ProvisionCore

/// The scripts of a trace, as a host's shell runs them, with programs that are only acted.
@Suite struct TraceScriptTests {
    private let endpoint = TracedService.Endpoint(address: "10.200.0.5", port: 80, node: "worker-0", pod: "web-1")

    private func run(_ script: String, listens: Bool) throws -> [Substring] {
        let standIns = """
            cat() { echo nginx; }
            nsenter() { \(listens ? "echo LISTEN" : ":"); }
            ctr() { case "$*" in
            *'containers ls -q labels."io.kubernetes.pod.name"==web-1') echo 0123456789abcdef;;
            *'tasks ls') echo '0123456789abcdef 77 RUNNING';;
            *'containers info'*) echo '"Image": "nginx:1"';; esac; }
            docker() { case "$*" in
            'ps -q --filter label=io.kubernetes.pod.name=web-1') echo 0123456789ab;;
            inspect*) echo '0123456789abcdef 77 nginx:1';; esac; }
            """
        return try LocalShell.run("\(standIns)\n\(script)").text.split(separator: "\n")
    }

    @Test(arguments: [RuntimeSpec.Kind.containerd, .docker], [true, false])
    func `a pod's container is read from the runtime that there is`(kind: RuntimeSpec.Kind, listens: Bool) throws {
        let lines = try run(TraceScript.container(of: endpoint, under: kind), listens: listens)
        #expect(lines == ["container 0123456789ab nginx:1, process 77 (nginx)", listens ? "reached" : "lost"])
    }

    @Test(arguments: [
        (0, "0.001", "reached"), (52, "0.001", "reached"), (28, "0.001", "reached"), (7, "0.000000", "lost"),
        (28, "0.000000", "lost"),
    ])
    func `a node port that takes no connection is lost`(status: Int, time: String, word: String) throws {
        let node = try #require(try SamplePlan.spec("lab-debian.yaml").hosts(.worker).first)
        let script = TraceScript.nodePort(30080, of: node)
        let answer = "{ echo \(time); return \(status); }"
        let curl = "curl() { for l; do :; done; [ $l != http://192.168.2.5:30080/ ] || \(answer); return 7; }"
        #expect(try LocalShell.run("\(curl)\n\(script)").text.split(separator: "\n") == [word[...]])
    }
}
