/// The last step where a role goes and its host stays: the receipt forgets what is gone.
///
/// Else what somebody puts there later would be taken for ours.
struct ReceiptCleanup {
    private let holdings: TeardownHoldings
    private var survey: HostSurvey { holdings.survey }
    private var receipt: HostReceipt { holdings.receipt }

    init(_ holdings: TeardownHoldings) { self.holdings = holdings }

    var items: [TeardownItem] {
        let spent = spent
        guard !spent.isEmpty else { return [] }
        return [
            TeardownItem(
                .trace,
                .goes,
                "/var/lib/provision/receipt.jsonl",
                "its lines of what is gone, with images and stamps",
                parts: spent,
                script: script(spent)
            )
        ]
    }

    /// What lines name: paths and packages that are gone, and units.
    private var spent: [String] { receipt.created.filter(isGone) + receipt.units.keys.sorted() }

    private func isGone(_ entry: String) -> Bool {
        guard let colon = entry.firstIndex(of: ":"), !entry.hasPrefix("/") else {
            return entry.hasPrefix("/var/lib/provision/") || !survey.exists(entry)
        }
        let name = String(entry[entry.index(after: colon)...])
        let state = TeardownFiles(holdings).states[name]
        return entry.hasPrefix("group:") ? !survey.list("group").contains(name) : state?.hasPrefix("un") ?? true
    }

    /// Images lie among our traces; stamps would say that a unit runs which is no more.
    private func script(_ spent: [String]) -> String {
        let units = (holdings.subject.scope?.units ?? []).sorted()
        let stamps = units.map { "$S/stamps/\($0) $S/former/\($0)" }.joined(separator: " ")
        let lines = spent.map { "\"path\":\"\($0)\"\n" }.joined()
        let copy = HereDocument(content: Array(lines.utf8)).feeding("{ grep -vFf - $R || true; } > $R.provision-tmp")
        return """
            tree $S/images
            rm -f \(stamps)
            [ ! -d $S/stamps ] || find $S/stamps -maxdepth 1 -name 'image-*' -exec rm -f {} +
            \(copy)
            if grep -qsF '"path":"\(MarkerResource.path)"' $R.provision-tmp; then mv -f $R.provision-tmp $R
            else rm -f $R.provision-tmp; left $R 'could not be written anew'; fi
            """
    }
}
