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

            WORDS:
              leaf        a certificate of an authority that issues nothing itself
              generation  an authority's or a key's number: kubernetes-ca-g2 is the second
              gate        a check that must pass before a rotation goes on
              soak        the time between the last reissue and distrust
              canary      a certificate made only to ask who accepts its generation
              distrust    the last stage: the old generation goes, without a way back
            """,
        subcommands: [
            CertsListCommand.self, CertsCheckCommand.self, CertsForecastCommand.self, CertsExplainCommand.self,
            CertsGraphCommand.self, CertsRenewCommand.self, CertsRotateCommand.self, CertsTimerCommand.self,
            CertsAuthorityCommand.self, CertsExtractCommand.self, CertsAgeCommand.self,
        ]
    )
}
