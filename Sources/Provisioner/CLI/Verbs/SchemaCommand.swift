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

            \(ExitStatusLine.text("0 printed", .nothing))

            An editor takes it from the inventory's first line:
              # yaml-language-server: $schema=inventory.schema.json
            """
    )

    @Flag(name: .long, help: "The schema of playbooks instead.")
    var playbook = false

    func run() { Console().result(playbook ? InventorySchema.playbook : InventorySchema.text) }
}
