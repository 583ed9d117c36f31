import Foundation
import ProvisionCore
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

@Suite struct CertificateDrawingTests {
    @Test func `the drawing holds every certificate once, each with its authority`() throws {
        let spec = try SamplePlan.spec("lab-debian.yaml")
        let text = CertificateGraph(spec: spec).text(.svg)
        let parser = XMLParser(data: Data(text.utf8))
        #expect(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "")")
        let catalog = CertificateCatalog.certificates(of: spec)
        for entry in catalog {
            #expect(text.components(separatedBy: ">\(entry.identifier)</text>").count == 2, "\(entry.identifier)")
        }
        let paths = text.components(separatedBy: "<path ").count - 1
        #expect(paths >= catalog.count)
        for authority in ["kubernetes-ca", "etcd-ca", "front-proxy-ca"] { #expect(text.contains(">\(authority)<")) }
    }
}
