import ArgumentParser

/// `provision etcd`: the cluster's memory, by hand.
struct EtcdCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "etcd",
        abstract: "Look at etcd's members, save, restore and tend them.",
        discussion: """
            EXAMPLES:
              provision etcd status inventory.yaml
              provision etcd snapshot --output etcd.db inventory.yaml
              provision etcd restore --from etcd.db inventory.yaml
              provision etcd restore --from-member controller-0 inventory.yaml
              provision etcd defrag inventory.yaml
              provision etcd move-leader controller-1 inventory.yaml
              provision etcd replace --plan controller-1 inventory.yaml
            """,
        subcommands: [
            EtcdStatusCommand.self, EtcdSnapshotCommand.self, EtcdRestoreCommand.self, EtcdDefragCommand.self,
            EtcdMoveLeaderCommand.self, EtcdReplaceCommand.self,
        ]
    )
}
