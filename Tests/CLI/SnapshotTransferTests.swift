import Foundation
import ProvisionCore
import ProvisionEngine
import Synchronization
import Testing

@testable import provision

@Suite struct SnapshotTransferTests {
    private static let words = """
        /var/lib/provision/snapshots/fetch-1.db
        20
        \(String(repeating: "a", count: 64))
        {"revision":7,"hash":1,"totalKey":1,"totalSize":20}
        """

    @Test func `a stop between two pieces leaves nothing here and nothing on the host`() async throws {
        let folder = NSTemporaryDirectory() + "provision-transfer-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let request = StopRequest()
        let removed = Mutex(false)
        let host = ScriptedHost(name: "controller-0") { script in
            guard script.contains("dd if=") else {
                removed.withLock { $0 = script.contains("rm -f /var/lib/provision/snapshots/fetch-1.db") }
                return ""
            }
            _ = request.signal()
            return "0123456789"
        }
        let spec = try SampleCluster.spec("lab-debian.yaml")
        let member = try #require(spec.hosts(.etcd).first)
        let scripts = EtcdScripts(host: member, dataDirectory: spec.etcd.dataDirectory)
        let snapshot = try #require(HostSnapshot(answer: Self.words))
        let session = HostSession(host: member.name, transport: host)
        let failure = await #expect(throws: CommandFailure.self) {
            try await SnapshotTaking.bring(snapshot, over: session, to: folder + "/etcd.db", scripts, request)
        }
        #expect(failure?.status == .interrupted && failure?.message.contains("did not come here") == true)
        let isRemoved = removed.withLock { $0 }
        #expect(isRemoved)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
    }
}
