import Foundation
import ProvisionCore
import Testing

@Suite struct InventorySchemaTests {
    @Test func schemaIsTheFileBesideTheSamples() throws {
        let golden = InventoryFixtures.samples.appending(path: "inventory.schema.json")
        #expect(try InventoryFixtures.matchesGolden(InventorySchema.text, golden))
    }

    @Test func schemaIsJSONAndNamesEveryTopLevelKey() throws {
        let object = try JSONSerialization.jsonObject(with: Data(InventorySchema.text.utf8))
        let root = try #require(object as? [String: Any])
        let properties = try #require(root["properties"] as? [String: Any])
        #expect(Set(properties.keys) == Set(InventoryKeys.root.keys.map(\.name)))
        #expect(root["additionalProperties"] as? Bool == false)
        #expect((root["required"] as? [String])?.sorted() == ["apiVersion", "hosts"])
    }

    @Test(arguments: InventoryFixtures.names(in: InventoryFixtures.samples))
    func sampleStartsWithTheModeline(_ name: String) throws {
        let text = try String(contentsOf: InventoryFixtures.samples.appending(path: name), encoding: .utf8)
        #expect(text.hasPrefix("# yaml-language-server: $schema=inventory.schema.json\n"))
    }

    /// The pattern may be wider than the decoder, never narrower.
    @Test(arguments: [
        (ScalarFormat.name, "worker-0"), (.nodeName, "worker-0.example.org"), (.address, "192.168.2.255"),
        (.cidr, "10.200.0.0/16"), (.cidr, "0.0.0.0/0"), (.kubernetesVersion, "v1.36.2"),
        (.componentVersion, "1.1.1+ds1"),
        (.duration, "180d"), (.portRange, "30000-32767"), (.remotePath, "/var/lib/etcd"), (.labelValue, ""),
        (.url, "http://mirror.example.org:8080/x"), (.imageReference, "registry.k8s.io/pause:3.10"),
        (.jumpHost, "user@bastion.example.org:22"), (.taint, "dedicated=gpu:NoSchedule"), (.userName, "_apt"),
        (.keyAlgorithm, "rsa-4096"), (.apiVersion, "provision/v1"), (.name, "${NAME}"),
    ])
    func patternAcceptsWhatTheDecoderAccepts(_ format: ScalarFormat, _ text: String) throws {
        let pattern = try Regex(#require(format.pattern))
        #expect(text.contains(pattern))
    }
}
