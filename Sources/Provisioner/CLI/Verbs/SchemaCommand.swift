import ArgumentParser
import ProvisionCore

/// `provision schema`: JSON Schemas, for editors.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of inventories, or of playbooks.",
        discussion: """
            EXAMPLES:
              provision schema > inventory.schema.json
              provision schema --playbook > playbook.schema.json

            An editor takes it from the inventory's first line:
              # yaml-language-server: $schema=inventory.schema.json
            """
    )

    @Flag(name: .long, help: "Of playbooks.")
    var playbook = false

    func run() { Console().result(playbook ? InventorySchema.playbook : InventorySchema.text) }
}
