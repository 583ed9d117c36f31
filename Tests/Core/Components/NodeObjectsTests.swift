import Templates
import Testing

@testable import ProvisionCore

@Suite struct NodeObjectsTests {
    private static func resource(_ nodes: [NodesManifest.Node]) -> NodeObjectsResource {
        let manifest = Manifest(file: NodesManifest(nodes: nodes).rendered(), reason: "a test")
        return NodeObjectsResource(manifest: manifest, nodes: nodes)
    }

    private func resource() throws -> NodeObjectsResource {
        let taint = NodeTaint(key: "dedicated", value: "gpu", effect: "NoSchedule")
        let first = try #require(CIDR("10.200.0.0/24"))
        let second = try #require(CIDR("10.200.1.0/24"))
        return Self.resource([
            NodesManifest.Node(name: "worker-0", podCIDR: first, labels: ["pool": "a"], taints: [taint]),
            NodesManifest.Node(name: "worker-1", podCIDR: second, labels: ["kubernetes.io/hostname": "worker-1"]),
        ])
    }

    private static let first = "node|worker-0|10.200.0.0/24|pool=a,|dedicated=gpu:NoSchedule,"
    private static let second = "node|worker-1|10.200.1.0/24||"

    /// The first node, the second, and what follows.
    @Test(arguments: [
        (first, second, "same: 2 nodes are as wanted"),
        (first + "mine=:NoExecute,", second + " node|stranger|10.9.0.0/24||", "same: 2 nodes are as wanted"),
        (
            "node|worker-0|||", second,
            "change: worker-0 lacks podCIDR 10.200.0.0/24, label pool=a, taint dedicated=gpu:NoSchedule"
        ),
        (
            "node|worker-0|10.200.0.0/24|pool=b,|dedicated=cpu:NoSchedule,", second,
            "change: worker-0 lacks label pool=a, taint dedicated=gpu:NoSchedule"
        ),
        (first, "", "change: worker-1 is missing"),
        ("", "", "change: worker-0 is missing; worker-1 is missing"),
    ])
    func `what the API says is held against the inventory`(_ one: String, _ two: String, _ outline: String) throws {
        let action = outline.hasPrefix("change") ? " -> apply nodes.yaml" : ""
        #expect(try resource().outline("applied \(one) \(two)") == outline + action)
    }

    @Test func `a file that was never applied is applied, whatever the API says`() throws {
        let resource = try resource()
        let never = "change: were never applied as they are now -> apply nodes.yaml"
        #expect(resource.outline("stale \(Self.first) \(Self.second)") == never)
        #expect(resource.outline("stale the server was refused", status: 1) == never)
        #expect(
            resource.outline("applied the server was refused", status: 1)
                == "change: the server was refused -> apply nodes.yaml"
        )
        #expect(resource.outline("no answer came", status: 255) == "change: no answer came -> apply nodes.yaml")
    }

    @Test(arguments: ["applied", "stale"])
    func `a node with another pod network is named and left alone`(_ state: String) throws {
        let answer = ProbeAnswer(text: "\(state) \(Self.first) node|worker-1|10.200.9.0/24||")
        guard case .refused(let why, let remedy) = try resource().verdict(for: answer, changed: []) else {
            Issue.record("not refused")
            return
        }
        #expect(why == "a Node keeps its pod network: worker-1 has the podCIDR 10.200.9.0/24, not 10.200.1.0/24")
        #expect(remedy.contains("kubectl delete node worker-1, systemctl restart kubelet"))
    }

    @Test func `all nodes are asked for in one list, and only for labels of the inventory`() throws {
        guard case .script(let script) = try resource().probe else {
            Issue.record("no script")
            return
        }
        #expect(script.split(separator: "kc get").count == 2)
        #expect(script.contains(#"{{if eq $k "pool"}}"#))
        let cidr = try #require(CIDR("10.200.0.0/24"))
        guard case .script(let bare) = Self.resource([.init(name: "a", podCIDR: cidr)]).probe else { return }
        #expect(!bare.contains(".metadata.labels"))
    }

    @Test func `hundreds of nodes have the time that kubectl takes for them`() throws {
        let cidr = try #require(CIDR("10.200.0.0/24"))
        let nodes = (0..<300).map { NodesManifest.Node(name: "worker-\($0)", podCIDR: cidr) }
        let action = try #require(
            Self.resource(nodes).verdict(for: ProbeAnswer(text: "stale"), changed: []).actions.first
        )
        #expect(action.script.hasPrefix("K=360\nkc apply -f /etc/provision/manifests/nodes.yaml\n"))
        #expect(action.seconds == 390)
    }
}
