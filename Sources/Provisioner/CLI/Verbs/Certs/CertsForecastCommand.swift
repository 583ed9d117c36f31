import ArgumentParser
import Foundation
import PKI
import ProvisionCore

/// `provision certs forecast`: what ends when.
struct CertsForecastCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forecast",
        abstract: "What will have ended at a time, what renews itself until then, and what cannot; no connection.",
        discussion: """
            EXAMPLES:
              provision certs forecast inventory.yaml
              provision certs forecast --after 200d inventory.yaml
              provision certs forecast --at 2027-06-30 inventory.yaml
              provision certs forecast --at 2027-06-30T12:00:00Z inventory.yaml
              provision certs forecast -o json inventory.yaml

            \(ExitStatusLine.text("0 shown, 8 the store holds no cluster", .inventory))
            """
    )

    @OptionGroup var options: InventoryOptions
    @OptionGroup var output: OutputOptions

    @Option(
        name: .long,
        help: "How far to look, for example 200d or 2y; a year where neither is given.",
        transform: TimeSpan.read
    )
    var after: TimeSpan?

    @Option(
        name: .long,
        help: "Until when to look: a date, or a date and a time with its zone (ISO 8601).",
        transform: PointInTime.read
    )
    var at: PointInTime?

    @OptionGroup var format: FormatOptions

    func validate() throws {
        if after != nil, at != nil { throw ValidationError("--at and --after both say until when; give one") }
    }

    func run() async throws {
        let console = output.console
        try await reporting(console) {
            let inventory = try LoadedInventory(options.inventory, console: Console(quiet: true))
            try StoreGuard.requireCluster(inventory.spec, console)
            let run = try await SurveyRun.take(options, within: TimeSpan(seconds: 0), local: true, console)
            let store = try Materials(spec: run.spec, console: console, places: Places()).store(dryRun: true)
            let now = run.survey.now
            let limit = at?.seconds ?? now + (after?.seconds ?? 365 * 86_400)
            guard limit > now else {
                throw CommandFailure("that time is past", remedy: "give a later one", status: .usage)
            }
            let brought = run.spec.pki.broughtAuthorities
            let authorities = try run.survey.authorities.map { name, facts in
                CertificateForecast.Authority(
                    name: name,
                    subject: facts.commonName,
                    end: facts.notAfter,
                    hasKey: try brought[name]?.keyFile != nil || store.hasKey(name),
                    leafLifetime: run.spec.pki.leafLifetime
                )
            }
            let leaves = run.survey.rows.compactMap { row in
                row.facts.map {
                    CertificateForecast.Leaf(
                        identifier: row.entry.identifier,
                        authority: row.entry.subject.issuer.rawValue,
                        start: $0.notBefore,
                        end: $0.notAfter
                    )
                }
            }
            let forecast = CertificateForecast(leaves: leaves, authorities: authorities, now: now)
            if format.isJSON {
                let document = ForecastDocument(until: limit, events: forecast.events(until: limit))
                console.result(JSONOutput.text(document))
            } else {
                forecast.lines(until: limit).forEach(console.result)
            }
        }
    }
}

/// A moment as people write it: `2027-06-30`, which begins at midnight UTC, or `2027-06-30T12:00:00+02:00`.
struct PointInTime {
    /// Seconds since 1970.
    let seconds: Int64

    init?(_ text: String) {
        let date =
            (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: Date.ISO8601FormatStyle().year().month().day()))
        guard let date else { return nil }
        seconds = Int64(date.timeIntervalSince1970)
    }

    /// For options.
    ///
    /// - Parameter text: What was typed.
    /// - Returns: The moment.
    /// - Throws: `ValidationError`, which says how one is written.
    static func read(_ text: String) throws -> PointInTime {
        if let moment = PointInTime(text) { return moment }
        throw ValidationError("write 2027-06-30 or 2027-06-30T12:00:00Z")
    }
}
