import Testing

@testable import provision

@Suite struct JSONDocumentTests {
    @Test func `lists are in a document with a schema`() {
        let texts = [
            JSONOutput.text(BackupListCommand.Document(backups: [])),
            JSONOutput.text(CertsForecastCommand.Document(until: 0, events: [])),
        ]
        #expect(texts.allSatisfy { $0.contains("\"schema\" : \(Version.schema)") })
    }
}
