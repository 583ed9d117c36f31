import Foundation
import Templates
import Testing

@testable import ProvisionCore

/// What goes where a worker loses that role and keeps another.
@Suite struct RoleScopeTests {
    private static let id = "7f3c1f0e-0000-4000-8000-000000000001"

    private func subject(keeping role: Role) throws -> TeardownPlan.Subject {
        var spec = try SamplePlan.spec("lab-debian.yaml")
        let index = try #require(spec.hosts.firstIndex { $0.name == "worker-0" })
        spec.hosts[index].roles = [role]
        spec.hosts[index].podCIDR = nil
        let scope = RoleScope(worker: spec.hosts[index], in: spec)
        return TeardownPlan.Subject(spec: spec, lane: scope.former, clusterID: Self.id, keepsData: false, scope: scope)
    }

    private static func note(_ action: String, _ path: String, _ previous: String = "") -> String {
        #"receipt {"action":"\#(action)","path":"\#(path)","sha256":"","previous":"\#(previous)"}"#
    }

    private static let whole = [
        "machine m1", "mark \(id) lab worker-0", note("created", MarkerResource.path), note("machine", "m1", id),
    ]

    private func plan(keeping role: Role, _ lines: [String]) throws -> TeardownPlan {
        TeardownPlan(try subject(keeping: role), HostSurvey(lines: Self.whole + lines + ["complete"]))
    }

    @Test(arguments: [
        ("/etc/systemd/system/kubelet.service", true, true), ("/usr/local/bin/kubelet", true, true),
        ("/usr/local/bin/kubectl", false, true), ("/etc/kubernetes/proxy.conf", true, true),
        ("/etc/kubernetes", false, true), ("/etc/kubernetes/pki/ca.crt", false, true),
        ("/etc/systemd/system/provision-routes.service", false, true),
        ("/etc/sysctl.d/99-provision-kubernetes.conf", false, true), ("/var/lib/kubelet/pods/x", true, true),
        ("/opt/cni", true, true), ("/etc/cni/net.d", true, true), ("/etc/crictl.yaml", true, true),
        ("/var/lib/provision/images", true, true), ("/var/lib/provision", false, false),
        ("/etc/provision/cluster", false, false), ("/srv/playbook", false, false), ("/etc/haproxy", false, false),
    ])
    func `a path is the role's where no other role needs it`(path: String, controller: Bool, balancer: Bool) throws {
        #expect(try subject(keeping: .controller).scope?.holds(path: path) == controller)
        #expect(try subject(keeping: .loadBalancer).scope?.holds(path: path) == balancer)
    }

    @Test func `of a real worker's survey what a controller needs stays, and nothing else of it`() throws {
        let fixture = InventoryFixtures.core.appending(path: "Fixtures/teardown/worker-0.txt")
        let lines = try String(contentsOf: fixture, encoding: .utf8).split(separator: "\n").map(String.init)
        var subject = try subject(keeping: .controller)
        let part = TeardownPlan(subject, HostSurvey(lines: lines))
        subject.scope = nil
        let all = Set(TeardownPlan(subject, HostSurvey(lines: lines)).work.map(\.subject))
        let going = Set(part.work.map(\.subject))
        let needed = [
            "/etc/kubernetes", "/etc/kubernetes/pki", "/etc/kubernetes/pki/ca.crt", "/usr/local/bin/kubectl",
            "/etc/sysctl.d/99-provision-kubernetes.conf", "/etc/modules-load.d/provision-kubernetes.conf",
        ]
        #expect(all.isSuperset(of: needed) && going.isDisjoint(with: needed), "\(going.intersection(needed))")
        let traces = ["/etc/provision", "/var/lib/provision", "/run/provision"]
        let receipt = "/var/lib/provision/receipt.jsonl"
        #expect(all.subtracting(going).subtracting(needed).isSubset(of: traces), "\(all.subtracting(going))")
        #expect(going.subtracting(all) == [receipt])
        for action in part.stopActions + part.removeActions + part.traceActions {
            #expect(try LocalShell.reads(action.script), "\(action.title)")
        }
    }

    @Test func `what a playbook and other roles did stays`() throws {
        let others = [
            Self.note("created", "/srv/playbook"), "path file|644 root:root|/srv/playbook",
            Self.note("created", "package:haproxy"), "package haproxy ii", Self.note("created", "user:etcd"),
            "user etcd", Self.note("sysctl", "kernel.kptr_restrict", "0"), "sysctl kernel.kptr_restrict 2",
            Self.note("unit", "fstrim.timer", "disabled inactive"), "unit fstrim.timer active enabled",
            Self.note("created", "/etc/haproxy/haproxy.cfg"), "path file|644 root:root|/etc/haproxy/haproxy.cfg",
            "trace /etc/provision", "mount 1 2 0:1 / /var/lib/provision rw - ext4 /dev/b rw",
        ]
        #expect(try plan(keeping: .loadBalancer, others).items.filter { $0.isWork || $0.fate == .blocked }.isEmpty)
    }

    @Test func `routes, swap and kernel settings go with the role that needed them alone`() throws {
        let lines = [
            "route 10.200.1.0/24 via 192.168.2.6 dev e0", Self.note("sysctl", "net.ipv4.ip_forward", "0"),
            "sysctl net.ipv4.ip_forward 1", Self.note("sysctl", "vm.panic_on_oom", "1"), "sysctl vm.panic_on_oom 0",
            Self.note("swap", "/dev/sda2", "-2"),
        ]
        #expect(try plan(keeping: .controller, lines).work.map(\.subject) == ["vm.panic_on_oom", "/dev/sda2"])
        let balancer = try plan(keeping: .loadBalancer, lines).work.map(\.subject)
        #expect(
            balancer == [
                "10.200.1.0/24 via 192.168.2.6 dev e0", "net.ipv4.ip_forward", "vm.panic_on_oom", "/dev/sda2",
            ]
        )
    }

    @Test func `a foreign mount holds up what it lies in, and then the receipt too`() throws {
        let unit = "/etc/systemd/system/kubelet.service"
        let lines = [
            Self.note("created", unit), "path file|600 root:root|\(unit)",
            Self.note("created", "/etc/kubernetes/proxy.conf"), "path directory|750 root:root|/var/lib/kubelet",
            "mount 1 2 0:1 / /var/lib/kubelet/theirs rw - ext4 /dev/b rw",
        ]
        let found = try plan(keeping: .controller, lines)
        #expect(found.blocked.map(\.subject) == ["/var/lib/kubelet/theirs", "/var/lib/kubelet"])
        #expect(!found.isAllButTraces)
    }

    @Test func `once all is gone only lines of the receipt are left, and then nothing`() throws {
        let unit = "/etc/systemd/system/kubelet.service"
        let gone = [
            Self.note("created", unit), Self.note("unit", "kubelet.service", "disabled inactive"),
            Self.note("created", "/opt/cni"), "path directory|755 root:root|/opt/cni", "inside /opt/cni/theirs",
        ]
        let found = try plan(keeping: .controller, gone)
        #expect(found.isAllButTraces && found.work.map(\.parts) == [[unit, "kubelet.service"]])
        let script = try #require(found.traceActions.last?.script)
        #expect(script.contains("\"path\":\"\(unit)\"\n\"path\":\"kubelet.service\"\n") && !script.contains("/opt/cni"))
        #expect(try plan(keeping: .controller, []).isClean)
        let marked = HostSurvey(lines: Self.whole.prefix(2) + gone)
        let lost = TeardownPlan(try subject(keeping: .controller), marked)
        #expect(lost.isReceiptLost && lost.items.isEmpty)
    }
}
