import Templates
import Yams

/// A configuration file as a YAML parser reads it back; JSON is YAML too.
struct ConfigDocument {
    private let node: Node

    private init(_ node: Node) { self.node = node }

    /// The first document of a text; `nil` where it is none.
    init?(text: String) {
        guard let node = try? Yams.compose(yaml: text) else { return nil }
        self.node = node
    }

    /// Every document of a file.
    ///
    /// - Throws: The parser's error.
    static func read(_ file: RenderedFile) throws -> [ConfigDocument] {
        var sequence = try Yams.compose_all(yaml: file.text)
        var documents: [ConfigDocument] = []
        while let node = sequence.next() { documents.append(ConfigDocument(node)) }
        if let error = sequence.error { throw error }
        return documents
    }

    /// The value at a path of keys.
    subscript(_ keys: String...) -> ConfigDocument? {
        keys.reduce(node) { $0?[$1] }.map { ConfigDocument($0) }
    }

    /// The text of a scalar.
    var text: String? { node.scalar?.string }
    var items: [ConfigDocument] { node.array().map { ConfigDocument($0) } }

    /// The element of a list whose field has that value.
    func item(_ key: String, _ value: String?) -> ConfigDocument? { items.first { $0[key]?.text == value } }

    /// Every scalar with the keys that lead to it, joined by dots.
    var scalars: [(key: String, value: String)] { Self.scalars(of: node, under: "") }

    private static func scalars(of node: Node, under key: String) -> [(key: String, value: String)] {
        switch node {
        case .scalar(let scalar): [(key, scalar.string)]
        case .sequence(let sequence): sequence.flatMap { scalars(of: $0, under: key) }
        case .mapping(let mapping):
            mapping.flatMap { pair in
                let name = pair.key.string ?? "?"
                return scalars(of: pair.value, under: key.isEmpty ? name : "\(key).\(name)")
            }
        case .alias: []
        }
    }
}
