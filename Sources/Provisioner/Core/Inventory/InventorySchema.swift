/// The JSON Schema of the inventory, made from the tables that the decoder uses.
package enum InventorySchema {
    /// Draft 7 (what yaml-language-server reads), keys in the tables' order, two spaces of indentation.
    package static var text: String {
        document(InventoryKeys.root, title: "provision inventory", definitions: definitions)
    }

    /// The same for playbooks.
    package static var playbook: String {
        document(PlaybookKeys.root, title: "provision playbook", definitions: [])
    }

    private static func document(_ keys: InventoryObject, title: String, definitions: Members) -> String {
        var root = object(keys)
        root.insert(("title", .text(title)), at: 0)
        root.insert(("$schema", .text("http://json-schema.org/draft-07/schema#")), at: 0)
        if !definitions.isEmpty { root.append(("definitions", .object(definitions))) }
        return JSONText.object(root).rendered(indentation: 0) + "\n"
    }

    private typealias Members = [(String, JSONText)]

    /// Shapes that occur in several places; editors offer only the components that have a place for the setting.
    private static var definitions: Members {
        [
            ("host", .object(object(HostKeys.host))),
            ("ssh", .object(object(HostKeys.ssh))),
            ("flags", .object(members(of: HostKeys.flagShape(of: ComponentName.allCases.filter(\.hasFlags))))),
            ("fields", .object(members(of: HostKeys.fieldShape(of: ComponentName.allCases.filter(\.hasFields))))),
        ]
    }

    private static func object(_ object: InventoryObject) -> Members {
        let required = object.keys.filter(\.isRequired).map { JSONText.text($0.name) }
        var members: Members = [("type", .text("object")), ("additionalProperties", .literal("false"))]
        if !required.isEmpty { members.append(("required", .array(required))) }
        members.append(("properties", .object(object.keys.map { ($0.name, .object(property($0))) })))
        return members
    }

    private static func property(_ key: InventoryKey) -> Members {
        [("description", .text(key.summary))] + members(of: key.shape, key: key.name)
    }

    /// A key named like a shared definition refers to it; draft 7 wants the reference inside `allOf` beside others.
    private static func members(of shape: InventoryShape, key: String) -> Members {
        let shared = ["ssh": "ssh", "extraFlags": "flags", "extraConfiguration": "fields"][key]
        guard let shared else { return members(of: shape) }
        return [("allOf", .array([.object([("$ref", .text("#/definitions/\(shared)"))])]))]
    }

    private static func members(of shape: InventoryShape) -> Members {
        switch shape {
        case .text(let format):
            var members: Members = [("type", .array(scalarTypes(format)))]
            if let pattern = format.pattern { members.append(("pattern", .text(pattern))) }
            return members
        case .verbatim: return [("type", .text("string"))]
        case .literal:
            let kinds = ["string", "number", "boolean", "array", "object"]
            return [("type", .array(kinds.map { .text($0) }))]
        case .integer(let range):
            return [
                ("type", .text("integer")), ("minimum", .literal("\(range.lowerBound)")),
                ("maximum", .literal("\(range.upperBound)")),
            ]
        case .boolean: return [("type", .text("boolean"))]
        case .choice(let words): return [("enum", .array(words.map { .text($0) }))]
        case .list(let item): return [("type", .text("array")), ("items", .object(members(of: item)))]
        case .table(_, let values):
            return [("type", .text("object")), ("additionalProperties", .object(members(of: values)))]
        case .keyed(let words, let values):
            return [
                ("type", .text("object")), ("additionalProperties", .literal("false")),
                ("properties", .object(words.map { ($0, .object(members(of: values))) })),
            ]
        case .object(let value): return isHost(value) ? [("$ref", .text("#/definitions/host"))] : object(value)
        case .either(let shapes): return [("anyOf", .array(shapes.map { .object(members(of: $0)) }))]
        }
    }

    private static func isHost(_ object: InventoryObject) -> Bool {
        object.keys.map(\.name) == HostKeys.host.keys.map(\.name)
    }

    /// Editors see `2` and `true` as a number and a boolean where the decoder takes them as text.
    private static func scalarTypes(_ format: ScalarFormat) -> [JSONText] {
        switch format {
        case .labelValue, .flagValue, .fieldValue, .componentVersion, .kubernetesVersion, .maxUnavailable:
            [.text("string"), .text("number"), .text("boolean")]
        default: [.text("string")]
        }
    }
}
