import Foundation
import PKI
import ProvisionCore
import Templates
import Testing

@testable import provision

@Suite struct RestoredMembersTests {
    /// The inventory of a drill on some of a cluster's hosts, and what the cluster's own store remembers.
    private func drill() throws -> (spec: ClusterSpec, record: MembershipRecord) {
        var spec = try SampleCluster.spec("lab-debian.yaml")
        let record = MembershipRecord(clusterID: "7f3c").after(spec.hosts, machines: [:], gone: [])
        spec.hosts.removeAll { $0.name == "worker-2" }
        spec.pki.directory = NSTemporaryDirectory() + "provision-restore-" + UUID().uuidString
        return (spec, record)
    }

    private func file(_ name: String, _ content: [UInt8]) -> CredentialStore.StoredFile {
        CredentialStore.StoredFile(name: name, content: Secret(content))
    }

    @Test func `an archived store is put in place without hosts that the inventory does not name`() throws {
        let (spec, record) = try drill()
        let files = [file("cluster-id", [1]), file(MembershipStore.name, try MembershipStore.encoded(record))]
        let settled = try RestoredMembers(spec: spec).settled(files)
        #expect(settled.map(\.name) == ["cluster-id", MembershipStore.name])
        let found = try #require(try RestoredMembers.record(in: settled))
        #expect(found.members.map(\.name) == spec.hosts.map(\.name).sorted())
        #expect(try RestoredMembers.record(in: files)?.unknown(to: spec.hosts) == ["worker-2"])
    }

    @Test func `a record that cannot be read is left out`() throws {
        let files = [file(MembershipStore.name, Array("{".utf8)), file("cluster-id", [1])]
        #expect(try RestoredMembers(spec: try drill().spec).settled(files).map(\.name) == ["cluster-id"])
    }

    @Test func `a record of a newer version is not thinned out`() throws {
        let files = [file(MembershipStore.name, Array(#"{"schema": 2, "hosts": []}"#.utf8))]
        let members = RestoredMembers(spec: try drill().spec)
        let failure = #expect(throws: CommandFailure.self) { try members.settled(files) }
        #expect(failure?.status == .refused && failure?.message.hasPrefix("members.json of the back-up: ") == true)
    }

    @Test func `a store that was here before forgets them too`() throws {
        let (spec, record) = try drill()
        defer { try? FileManager.default.removeItem(atPath: spec.pki.directory) }
        let store = MembershipStore(directory: spec.pki.directory)
        try store.write(record)
        try RestoredMembers(spec: spec).remember(["worker-0": "m0"])
        #expect(try store.read()?.unknown(to: spec.hosts).isEmpty == true)
        #expect(try store.read()?.members.first { $0.name == "worker-0" }?.machineID == "m0")
    }
}
