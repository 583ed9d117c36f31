/// The graph of certificates as an SVG: authorities, what they issued, what reads it, in three columns.
struct CertificateDrawing {
    private let columns: [[String]]
    private let edges: [(from: String, to: String)]
    private static let height = 22
    private static let top = 34
    private static let width = 300
    private static let gap = 90

    /// - Parameters:
    ///   - issued: Authorities and their certificates.
    ///   - read: Certificates and who reads them.
    init(issued: [(from: String, to: String)], read: [(from: String, to: String)]) {
        columns = [issued.map(\.from), issued.map(\.to), read.map(\.to)].map { names in
            var seen: Set<String> = []
            return names.filter { seen.insert($0).inserted }
        }
        edges = issued + read
    }

    var text: String {
        let rows = columns.map(\.count).max() ?? 0
        let width = 3 * Self.width + 2 * Self.gap + 20
        let size = "width=\"\(width)\" height=\"\(Self.top + rows * Self.height + 10)\""
        let lines = edges.compactMap(line)
        return """
            <svg xmlns="http://www.w3.org/2000/svg" \(size) font-family="monospace" font-size="12">
            <style>rect { fill: #f6f8fa; stroke: #57606a } path { fill: none; stroke: #8c959f }</style>
            \((headings + lines + boxes).joined(separator: "\n"))
            </svg>
            """
    }

    private var headings: [String] {
        zip(0..., ["authority", "certificate", "read by"]).map { column, title in
            "<text x=\"\(left(column))\" y=\"20\" font-weight=\"bold\">\(title)</text>"
        }
    }

    private var boxes: [String] {
        zip(0..., columns).flatMap { column, names in
            names.enumerated().map { row, name in
                let (x, y) = (left(column), middle(column, row))
                return "<rect x=\"\(x)\" y=\"\(y - 9)\" width=\"\(Self.width)\" height=\"18\"/>"
                    + "<text x=\"\(x + 6)\" y=\"\(y + 4)\">\(Self.escaped(name))</text>"
            }
        }
    }

    private func line(_ edge: (from: String, to: String)) -> String? {
        for column in 0..<2 {
            guard let from = columns[column].firstIndex(of: edge.from),
                let to = columns[column + 1].firstIndex(of: edge.to)
            else { continue }
            let (x, end) = (left(column) + Self.width, left(column + 1))
            let (y, other, bend) = (middle(column, from), middle(column + 1, to), Self.gap / 2)
            return "<path d=\"M\(x) \(y) C\(x + bend) \(y) \(end - bend) \(other) \(end) \(other)\"/>"
        }
        return nil
    }

    private func left(_ column: Int) -> Int { 10 + column * (Self.width + Self.gap) }

    /// Shorter columns spread over the whole height.
    private func middle(_ column: Int, _ row: Int) -> Int {
        let rows = columns.map(\.count).max() ?? 1
        return Self.top + (2 * row + 1) * rows * Self.height / (2 * max(1, columns[column].count))
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
