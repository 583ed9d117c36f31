import ArgumentParser

/// `provision certs`: the life of certificates and keys.
struct CertsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certs",
        abstract: "See, renew and rotate certificates, authorities and keys.",
        discussion: """
            EXAMPLES:
              provision certs list inventory.yaml
              provision certs check --within 30d inventory.yaml
              provision certs renew --expiring-within 30d inventory.yaml
              provision certs rotate ca inventory.yaml   # shows the stages
              provision certs rotate ca --apply inventory.yaml
            """,
        subcommands: [
            CertsListCommand.self, CertsCheckCommand.self, CertsForecastCommand.self, CertsExplainCommand.self,
            CertsGraphCommand.self, CertsRenewCommand.self, CertsRotateCommand.self, CertsTimerCommand.self,
            CertsAuthorityCommand.self, CertsExtractCommand.self, CertsAgeCommand.self,
        ]
    )
}
