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

/// A length of time as people write it: `30d`, `8h`, `90m`, `3600s`, `3600`.
struct TimeSpan: ExpressibleByArgument {
    let seconds: Int64

    init(seconds: Int64) { self.seconds = seconds }

    init?(argument: String) {
        let units: [Character: Int64] = ["d": 86_400, "h": 3600, "m": 60, "s": 1]
        guard let unit = argument.last.flatMap({ units[$0] }), let number = Int64(argument.dropLast()), number >= 0,
            number <= 1 << 32
        else { return nil }
        seconds = number * unit
    }

    var defaultValueDescription: String {
        if seconds >= 86_400, seconds % 86_400 == 0 { return "\(seconds / 86_400)d" }
        return seconds % 3600 == 0 ? "\(seconds / 3600)h" : "\(seconds)s"
    }
}
