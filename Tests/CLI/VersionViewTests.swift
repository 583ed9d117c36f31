import Foundation
import ProvisionCore
import Testing

@testable import provision

@Suite struct VersionViewTests {
    @Test func `the program's version is the first line, what it renders follows`() {
        let lines = VersionView().text.split(separator: "\n").map(String.init)
        #expect(lines.first == Version.text)
        #expect(lines.contains("  kubernetes  \(VersionDefaults.kubernetes)"))
        #expect(lines.last == "Kubernetes 1.20 to 1.37 can be installed")
    }

    @Test func `programs read the same`() throws {
        let data = Data(VersionView().json().utf8)
        let value = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(value["program"] as? String == Version.number && value["schema"] as? Int == Version.schema)
        #expect((value["defaults"] as? [String: String])?["etcd"]?.hasPrefix("3.") == true)
        #expect(value["kubernetes"] as? [String: String] == ["oldest": "1.20", "newest": "1.37"])
    }
}
