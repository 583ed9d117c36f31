import Foundation
import ProvisionCore
import Testing

@testable import provision

@Suite struct MembershipStoreTests {
    /// A directory of its own, with a record of these bytes, where there are any.
    private func store(_ text: String?, _ body: (MembershipStore, _ path: String) throws -> Void) throws {
        let directory = NSTemporaryDirectory() + "provision-members-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = "\(directory)/\(MembershipStore.name)"
        if let text { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
        try body(MembershipStore(directory: directory), path)
    }

    @Test func `a record that is not there is none, and one that was written is read`() throws {
        try store(nil) { store, _ in
            #expect(try store.read() == nil)
            let hosts = try SampleCluster.spec("lab-debian.yaml").hosts
            let record = MembershipRecord(clusterID: "7f3c").after(hosts, machines: [:], gone: [])
            try store.write(record)
            #expect(try store.read() == record && store.known == record)
        }
    }

    @Test(arguments: ["", "{", #"{"schema": 1, "clusterID": "7f3c"}"#])
    func `one that is damaged is refused, and not written anew`(_ text: String) throws {
        try store(text) { store, path in
            let refused = #expect(throws: CommandFailure.self) { try store.read() }
            #expect(refused?.status == .refused && refused?.message.hasPrefix("\(path): it cannot be read") == true)
            #expect(refused?.remedy.contains("backup extract --store") == true)
            #expect(throws: CommandFailure.self) { try store.write(MembershipRecord(clusterID: "7f3c")) }
            let left = try String(contentsOfFile: path, encoding: .utf8)
            #expect(left == text)
            #expect(store.known == nil)
        }
    }

    @Test(arguments: [
        #"{"schema": 2, "clusterID": "7f3c", "members": [], "left": []}"#, #"{"schema": 3, "hosts": {}}"#,
    ])
    func `one of a newer version is refused, whatever else it holds`(_ text: String) throws {
        try store(text) { store, path in
            let refused = #expect(throws: CommandFailure.self) { try store.read() }
            #expect(refused?.status == .refused && refused?.message.contains("newer version") == true)
            #expect(throws: CommandFailure.self) { try store.write(MembershipRecord(clusterID: "7f3c")) }
            let left = try String(contentsOfFile: path, encoding: .utf8)
            #expect(left == text)
        }
    }

    @Test func `a verb that changes hosts, or only looks, begins with neither`() throws {
        try store("{") { store, _ in
            var spec = try SampleCluster.spec("lab-debian.yaml")
            spec.pki.directory = store.directory
            for dryRun in [true, false] {
                let refused = #expect(throws: CommandFailure.self) {
                    try ClusterRun.requireReadable(spec, dryRun, Console(quiet: true))
                }
                #expect(refused?.status == .refused)
            }
        }
    }

    @Test func `where no plan is written to hosts one that is damaged is passed over`() throws {
        try store("{") { store, _ in
            var spec = try SampleCluster.spec("lab-debian.yaml")
            spec.pki.directory = store.directory
            let console = Console(quiet: true)
            #expect(throws: Never.self) {
                try ClusterRun.requireReadable(spec, true, bearing: true, console)
                try AddressGuard(spec: spec, inventory: "i.yaml").check(bearing: true, console)
            }
            #expect(throws: CommandFailure.self) { try AddressGuard(spec: spec, inventory: "i.yaml").check(console) }
        }
    }

    /// An argument that is refused behind the record ends the verb before any host is asked.
    @Test(arguments: [("status", false, false), ("teardown", true, false), ("plan", false, true)])
    func `only a verb that needs it ends where it is damaged`(
        _ verb: String,
        _ takesFormer: Bool,
        _ needsKeys: Bool
    ) async throws {
        let directory = NSTemporaryDirectory() + "provision-damaged-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = "\(directory)/inventory.yaml"
        let text = """
            apiVersion: provision/v1
            ssh: { user: root }
            hosts:
              controllers: [{ name: one, address: 192.0.2.2 }]
              workers: [{ name: two, address: 192.0.2.3 }]
            """
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let console = Console(quiet: true)
        let spec = try LoadedInventory(path, console: console).spec
        try FileManager.default.createDirectory(atPath: spec.pki.directory, withIntermediateDirectories: true)
        try "{".write(toFile: "\(spec.pki.directory)/\(MembershipStore.name)", atomically: true, encoding: .utf8)
        let failure = await #expect(throws: CommandFailure.self) {
            let options = InventoryOptions(path, noInput: true)
            _ = try await ClusterRun.prepare(
                verb,
                options,
                console: console,
                RunRequest(limit: ["nobody"], dryRun: true, takesFormer: takesFormer, needsKeys: needsKeys)
            )
        }
        let wanted: ProvisionCore.ExitStatus = needsKeys ? .refused : .usage
        #expect(failure?.status == wanted)
    }

    @Test func `a teardown forgets who is clean, and leaves one that is damaged as it is`() throws {
        let hosts = try SampleCluster.spec("lab-debian.yaml").hosts
        var record = MembershipRecord(clusterID: "7f3c").after(hosts, machines: [:], gone: [])
        record.encryption = .secretbox
        try store(nil) { store, _ in
            try store.write(record)
            try store.forget(Set(hosts.map(\.name)), keepsData: true)
            #expect(store.known?.members == [] && store.known?.encryption == record.encryption)
            try store.forget([], keepsData: false)
            #expect(try store.read()?.encryption == nil)
        }
        try store("{") { store, path in
            try store.forget(["worker-1"], keepsData: false)
            let left = try String(contentsOfFile: path, encoding: .utf8)
            #expect(left == "{")
        }
    }
}
