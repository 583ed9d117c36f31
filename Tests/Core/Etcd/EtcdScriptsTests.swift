import Testing

@testable import ProvisionCore

@Suite struct EtcdScriptsTests {
    private static func scripts() throws -> EtcdScripts {
        let host = try #require(try MembershipFixtures.lab().hosts(.etcd).first)
        return EtcdScripts(host: host, dataDirectory: "/var/lib/etcd")
    }

    /// An `etcdctl` at revision 44 whose compaction ends in this way.
    private static func compact(
        _ ending: String,
        status: String = "[{\"Status\":{\"header\":{\"revision\":44}}}]"
    ) throws
        -> (status: Int32, text: String)
    {
        let standIns = """
            etcdctl() { case "$*" in *"endpoint status"*) echo '\(status)';; *"compact --physical 44") \(ending);; *) return 9;; esac; }
            """
        return try LocalShell.run(try scripts().compact, standIns: standIns)
    }

    @Test func `history is dropped up to the revision of now`() throws {
        #expect(try Self.compact(":").status == 0)
        let again = "echo 'mvcc: required revision has been compacted'; return 1"
        #expect(try Self.compact(again).status == 0)
    }

    @Test func `what keeps it from that is said`() throws {
        let failure = try Self.compact("echo 'context deadline exceeded'; return 1")
        #expect(failure.status == 1)
        #expect(failure.text == "context deadline exceeded")
        #expect(try Self.compact(":", status: "[]").text == "no revision in []")
    }

    @Test func `a defragmentation that fails is no success`() throws {
        let standIns = "etcdctl() { case \"$*\" in *defrag*) echo full; return 1;; esac; }"
        let answer = try LocalShell.run(try Self.scripts().defragment, standIns: standIns)
        #expect(answer.status == 1)
        #expect(answer.text == "full")
    }
}
