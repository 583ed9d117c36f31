import ArgumentParser

/// `provision backup`: everything that a cluster can be made from again, in one sealed file.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Save a cluster into one sealed file, prove it, bring it back.",
        discussion: """
            EXAMPLES:
              provision backup create --output backups inventory.yaml
              provision backup list backups
              provision backup verify backups/lab.7f3c1f0e-20261125T024000Z-r1234.backup
              provision backup restore --plan FILE inventory.yaml
              provision backup restore FILE inventory.yaml
              provision backup extract --to rescue FILE
              provision backup timer --install --key-file KEY --output backups \\
                  inventory.yaml

            A back-up holds a snapshot of etcd, the credential store with the authorities' keys and the keys that encrypt \
            Secrets, the inventory and the lock file. docs/recovery.md says which way leads back from what.
            """,
        subcommands: [
            BackupCreateCommand.self, BackupListCommand.self, BackupVerifyCommand.self, BackupRestoreCommand.self,
            BackupExtractCommand.self, BackupTimerCommand.self,
        ]
    )
}
