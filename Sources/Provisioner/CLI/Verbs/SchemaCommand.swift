import ArgumentParser
import ProvisionCore

/// `provision schema`: the inventory's JSON Schema, for editors.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the inventory's JSON Schema.",
        discussion: """
            EXAMPLES:
              provision schema > inventory.schema.json
              then, as the inventory's first line:  # yaml-language-server: $schema=inventory.schema.json
            """
    )

    func run() { Console().result(InventorySchema.text) }
}
