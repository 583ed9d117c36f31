import Foundation
import ProvisionCore
import Testing

@testable import provision

@Suite struct ExplanationViewTests {
    private let view = ExplanationView(
        identifier: "admin",
        reason: "people",
        fields: [.init("held by", "admin.conf"), .init("stored", "one"), .init("stored", "two")]
    )

    @Test func `people read a column`() {
        #expect(view.lines == ["admin: people", "held by   admin.conf", "stored    one", "stored    two"])
    }

    @Test func `programs read a schema, and names without spaces`() throws {
        let value = try #require(try JSONSerialization.jsonObject(with: Data(view.json().utf8)) as? [String: Any])
        #expect(value["schema"] as? Int == Version.schema && value["identifier"] as? String == "admin")
        #expect(value["fields"] as? [String: String] == ["held-by": "admin.conf", "stored": "one; two"])
    }
}
