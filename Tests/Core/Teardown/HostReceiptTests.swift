import ProvisionCore
import Testing

@Suite struct HostReceiptTests {
    private func note(_ action: String, _ path: String, _ hash: String = "", _ previous: String = "") -> String {
        #"{"action":"\#(action)","path":"\#(path)","sha256":"\#(hash)","previous":"\#(previous)"}"#
    }

    @Test func `a receipt of an older run is read`() {
        let receipt = HostReceipt(lines: [
            note("created", "/etc/kubernetes"), note("created", "/usr/local/bin/kubelet", "aa"),
            note("created", "user:etcd"), note("created", "package:haproxy"),
            note("replaced", "/etc/haproxy/haproxy.cfg", "bb", "/var/lib/provision/replaced/+etc+haproxy+haproxy.cfg"),
        ])
        #expect(receipt.paths == ["/etc/kubernetes", "/usr/local/bin/kubelet"])
        #expect(receipt.users == ["etcd"])
        #expect(receipt.packages == ["haproxy"])
        #expect(receipt.replaced["/etc/haproxy/haproxy.cfg"] == "/var/lib/provision/replaced/+etc+haproxy+haproxy.cfg")
        #expect(!receipt.hasBaseline)
    }

    @Test func `the first state before us and the last content by us count`() {
        let receipt = HostReceipt(lines: [
            note("sysctl", "kernel.panic", "", "0"), note("sysctl", "kernel.panic", "", "10"),
            note("machine", "m1", "", "c1"),
            note("created", "/a", "1"), note("updated", "/a", "2"),
            note("replaced", "/b", "3", "/r/first"), note("replaced", "/b", "3", "/r/second"),
            note("mode", "/c", "", "755 root:root"), note("mode", "/c", "", "700 root:root"),
        ])
        #expect(receipt.sysctls == ["kernel.panic": "0"])
        #expect(receipt.hashes["/a"] == "2")
        #expect(receipt.paths == ["/a"])
        #expect(receipt.replaced == ["/b": "/r/first"])
        #expect(receipt.modes == ["/c": "755 root:root"])
        #expect(receipt.machineID == "m1" && receipt.clusterID == "c1")
    }

    @Test(arguments: ["", "{", #"{"action":"created"}"#, #"{"action":"created","path":"/cut"#, "not json at all"])
    func `a line that a crash cut is left out`(line: String) {
        #expect(HostReceipt(lines: [line]).isEmpty)
    }

    @Test func `a whole receipt names the mark, which comes first`() {
        #expect(HostReceipt(lines: [note("created", MarkerResource.path, "a"), note("created", "/b")]).isWhole)
        #expect(!HostReceipt(lines: [note("created", "/b"), note("updated", MarkerResource.path, "a")]).isWhole)
        #expect(!HostReceipt(lines: []).isWhole)
    }

    @Test func `a package that went for another is none that came`() {
        let receipt = HostReceipt(lines: [
            note("created", "package:chrony"), note("removed", "package:systemd-timesyncd", "", "252.38-1~deb12u1"),
        ])
        #expect(receipt.packages == ["chrony"])
        #expect(receipt.removed == ["systemd-timesyncd": "252.38-1~deb12u1"])
    }

    @Test func `a unit that was restarted and reloaded for files is restarted once more`() {
        let receipt = HostReceipt(lines: [
            note("reread", "reload:a.service"), note("reread", "restart:a.service"), note("reread", "reload:a.service"),
            note("reread", "reload:b@x:y.service"), note("reread", "nothing"),
        ])
        #expect(receipt.rereads == ["a.service": "restart", "b@x:y.service": "reload"])
    }

    @Test func `a kind that a newer version wrote is left out`() {
        #expect(HostReceipt(lines: [note("telepathy", "/a")]).isEmpty)
    }
}
