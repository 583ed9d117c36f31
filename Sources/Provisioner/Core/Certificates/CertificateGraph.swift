/// Who signs what, and what reads it, as a graph that other programs draw.
package struct CertificateGraph: Sendable {
    package enum Format: String, Sendable, CaseIterable { case dot, mermaid, svg }

    private let edges: [(from: String, to: String, label: String)]

    package init(spec: ClusterSpec) {
        edges = CertificateCatalog.certificates(of: spec).flatMap { entry in
            let issued = (entry.subject.issuer.rawValue, entry.identifier, "issues")
            let read = entry.consumers.filter { !$0.isEmpty }.map {
                (entry.identifier, "\($0)@\(entry.host ?? "-")", "is read by")
            }
            return [issued] + read
        }
    }

    package func text(_ format: Format) -> String {
        switch format {
        case .dot:
            let lines = edges.map { "  \"\($0.from)\" -> \"\($0.to)\" [label=\"\($0.label)\"];" }
            return (["digraph certificates {", "  rankdir=LR;", "  node [shape=box];"] + lines + ["}"]).joined(
                separator: "\n"
            )
        case .svg:
            func pairs(_ label: String) -> [(from: String, to: String)] {
                edges.filter { $0.label == label }.map { ($0.from, $0.to) }
            }
            return CertificateDrawing(issued: pairs("issues"), read: pairs("is read by")).text
        case .mermaid:
            let lines = edges.map { "  \(name($0.from)) -->|\($0.label)| \(name($0.to))" }
            return (["graph LR"] + lines).joined(separator: "\n")
        }
    }

    /// Mermaid's names are letters, digits and `_`; the text stands beside.
    private func name(_ text: String) -> String {
        let plain = String(text.map { $0.isLetter || $0.isNumber ? $0 : "_" })
        return "\(plain)[\"\(text)\"]"
    }
}
