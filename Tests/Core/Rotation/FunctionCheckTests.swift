import Foundation
import PKI
import ProvisionCore
import Testing

@Suite struct FunctionCheckTests {
    private static let answer = """
        yes a new token
        no logs of pods: Error from server: dial tcp: no route to host
        yes APIService v1beta1.metrics.k8s.io

        rotation-status 0

        """

    @Test func `answers have names, and a reason where they are not good`() throws {
        let answers = try #require(FunctionCheck.answers(Self.answer, from: "controller-0"))
        #expect(answers.map(\.name) == ["a new token", "logs of pods", "APIService v1beta1.metrics.k8s.io"])
        #expect(answers.map(\.isGood) == [true, false, true])
        let account = "logs of pods on controller-0: Error from server: dial tcp: no route to host"
        #expect(answers[1].account == account)
        #expect(FunctionCheck.answers("yes logs of pods\nrotation-status 1\n", from: "controller-0") == nil)
        #expect(FunctionCheck.answers("yes logs of pods", from: "controller-0") == nil)
    }

    /// Each is asked of two API servers.
    @Test func `what was ill before, or is not there, holds nothing up`() throws {
        func answers(_ first: String, _ second: String) throws -> [FunctionCheck.Answer] {
            try [("a", first), ("b", second)].flatMap { host, text -> [FunctionCheck.Answer] in
                try #require(FunctionCheck.answers("\(text)\nrotation-status 0\n", from: host))
            }
        }
        let before = try answers("yes logs\nyes dns\nno x: broken", "yes logs\nno dns: broken\nno x: broken")
        let working = FunctionCheck.working(before)
        #expect(working == ["logs"], "it must answer through every API server")
        #expect(FunctionCheck.lost(working, in: before) == [])
        let after = try answers("no dns: broken\nno new: broken", "no logs: refused\nno x: broken")
        #expect(FunctionCheck.lost(working, in: after).map(\.account) == ["logs on b: refused"])
        #expect(FunctionCheck.lost(working, in: try answers("", "")) == [])
    }

    @Test func `only what has clients beside API servers is asked for`() {
        let asked = TrustRoot.allCases.filter { FunctionCheck.concerns([$0]) }
        #expect(asked == [.kubernetes, .frontProxy, .serviceAccount])
        let way = RotationStage.way(of: [.serviceAccount])
        #expect(way.allSatisfy { $0.gates.contains { $0.contains(FunctionCheck.title) } })
        #expect(way.map { $0.gates.contains { $0.hasSuffix("new tokens with the new key") } } == [false, true, true])
        let encryption = RotationStage.way(of: [.encryption, .etcd]).flatMap(\.gates)
        #expect(!encryption.contains { $0.contains(FunctionCheck.title) })
    }

    @Test func `controllers ask through their own API servers, some workers ask cluster DNS`() throws {
        var spec = try SamplePlan.spec("lab-debian.yaml")
        let check = FunctionCheck(spec: spec, header: "h")
        let workers = spec.hosts(.worker).prefix(3).map(\.name)
        #expect(check.hosts.map(\.name) == spec.hosts(.controller).map(\.name) + workers)
        for host in check.hosts {
            let script = check.script(on: host)
            #expect(try LocalShell.reads(script))
            #expect(script.contains("serviceaccounts/default/token") == host.has(.controller))
            #expect(script.contains("/dev/tcp/") == host.has(.worker))
        }
        spec.dns.provider = .none
        #expect(FunctionCheck(spec: spec, header: "h").hosts.map(\.name) == spec.hosts(.controller).map(\.name))
    }

    private static let cluster = #"""
        kc() { case "$*" in
        create*/serviceaccounts/default/token*) cat > /dev/null; echo '{"status":{"token":"KEY.claims.signature"}}';;
        *' get pods '*) printf 'worker-0 dns-0\nworker-0 dns-1\nworker-1 dns-2\n';;
        *' logs dns-1 '*) echo 'one pod of a node is enough' >&2; return 1;;
        'get apiservices '*) printf '|v1.apps|apps/v1|True\nms|v1.metrics|metrics/v1|True\nold|v1.old|old/v1|False\n';;
        'get --raw /apis/apps/v1') echo 'its own API needs no asking' >&2; return 1;;
        'get validatingwebhookconfigurations'*) echo "$webhooks";;
        create*/pods*) cat > /dev/null; [ -n "$admission" ] || return 0; echo "$admission" >&2; return 1;;
        esac; }
        """#

    @Test(arguments: [
        ("KEY", "", ["yes a new token"]),
        ("OTHER", "x", ["no a new token: another key signed it: KEY", "yes admission of a pod"]),
    ])
    func `what a cluster has is asked for, and nothing else`(
        _ header: String,
        _ webhooks: String,
        _ lines: [String]
    ) throws {
        let here = NSTemporaryDirectory() + "provision-functions-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: here) }
        let script = RotationScripts.functions(header: header).replacing("/run/provision", with: here)
        let answer = try LocalShell.run(script, standIns: "webhooks=\(webhooks)\n\(Self.cluster)")
        let always = ["yes logs of pods", "yes APIService v1.metrics", "no APIService v1.old: it is not Available"]
        #expect(answer.status == 0)
        #expect(answer.text.split(separator: "\n").map(String.init).sorted() == (always + lines).sorted())
    }

    @Test(arguments: [
        ("admission webhook \"a.example\" denied the request: no limits", true),
        ("pods \"provision-gate\" is forbidden: violates PodSecurity \"restricted\"", true),
        ("exceeded quota: few", true), ("", true), ("context deadline exceeded", false),
        ("failed calling webhook \"a.example\": the server is forbidden to answer: x is forbidden", false),
    ])
    func `a policy that says no was asked, a webhook that cannot be reached was not`(
        _ admission: String,
        _ isGood: Bool
    ) throws {
        let here = NSTemporaryDirectory() + "provision-functions-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: here) }
        let script = RotationScripts.functions(header: "KEY").replacing("/run/provision", with: here)
        let standIns = "webhooks=x\nadmission='\(admission)'\n\(Self.cluster)"
        let answer = try LocalShell.run(script, standIns: standIns)
        let line = isGood ? "yes admission of a pod" : "no admission of a pod: \(admission)"
        #expect(answer.status == 0 && answer.text.contains(line))
    }
}
