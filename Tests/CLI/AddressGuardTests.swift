import Foundation
import ProvisionCore
import Testing

@testable import provision

@Suite struct AddressGuardTests {
    private static let console = Console(quiet: true, noColour: true, environment: [:])

    /// An inventory of its own with a store beside it, which remembers the controller at `address`.
    private func inventory(_ address: String, _ body: (_ path: String, ClusterSpec) async throws -> Void) async throws {
        let directory = NSTemporaryDirectory() + "provision-addresses-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = "\(directory)/inventory.yaml"
        try Self.text("192.0.2.12").write(toFile: path, atomically: true, encoding: .utf8)
        let spec = try LoadedInventory(path, console: Self.console).spec
        var before = spec.hosts
        for index in before.indices where before[index].name == "one" {
            before[index] = try #require(try Self.host("one", address))
        }
        let record = MembershipRecord(clusterID: "7f3c").after(before, machines: [:], gone: [])
        try MembershipStore(directory: spec.pki.directory).write(record)
        try await body(path, spec)
    }

    private static func text(_ controller: String) -> String {
        """
        apiVersion: provision/v1
        ssh: { user: root }
        hosts:
          controllers: [{ name: one, address: \(controller) }]
          workers: [{ name: two, address: 192.0.2.3 }]
        """
    }

    private static func host(_ name: String, _ address: String) throws -> HostSpec? {
        let bytes = Array(text(address).utf8)
        let loaded = try LoadedInventory(bytes, path: "i", directory: NSTemporaryDirectory(), console: console)
        return loaded.spec.hosts.first { $0.name == name }
    }

    private static func options(_ path: String) -> InventoryOptions { InventoryOptions(path, noInput: true) }

    @Test(arguments: [("plan", true), ("apply", false), ("etcd-replace", false), ("certs-renew", true)])
    func `a verb that would move a controller ends before anything is made`(
        _ verb: String,
        _ dryRun: Bool
    ) async throws {
        try await inventory("192.0.2.2") { path, spec in
            let refused = await #expect(throws: CommandFailure.self) {
                let options = Self.options(path)
                _ = try await ClusterRun.prepare(verb, options, console: Self.console, RunRequest(dryRun: dryRun))
            }
            #expect(refused?.status == .refused)
            #expect(refused?.message.hasPrefix("one had the internal address 192.0.2.2, and has 192.0.2.12 ") == true)
            let files = try FileManager.default.contentsOfDirectory(atPath: spec.pki.directory)
            #expect(files == [MembershipStore.name])
        }
    }

    @Test func `a limited run is no way round it`() async throws {
        try await inventory("192.0.2.2") { path, _ in
            await #expect(throws: CommandFailure.self) {
                let options = Self.options(path)
                let request = RunRequest(limit: ["two"], dryRun: true)
                _ = try await ClusterRun.prepare("plan", options, console: Self.console, request)
            }
        }
    }

    @Test func `a restore passes, and moves what is remembered`() async throws {
        try await inventory("192.0.2.2") { path, spec in
            let held = AddressGuard(spec: spec, inventory: path)
            #expect(throws: CommandFailure.self) { try held.check(Self.console) }
            #expect(throws: Never.self) { try held.check(bearing: true, Self.console) }
            try RestoredMembers(spec: spec).remember([:])
            #expect(throws: Never.self) { try held.check(Self.console) }
        }
    }

    @Test func `who stays where it was passes`() async throws {
        try await inventory("192.0.2.12") { path, spec in
            #expect(throws: Never.self) { try AddressGuard(spec: spec, inventory: path).check(Self.console) }
        }
    }
}
