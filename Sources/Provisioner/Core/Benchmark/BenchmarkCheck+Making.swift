/// The shapes that most checks have.
extension BenchmarkCheck {
    /// Flags of a unit's command line.
    static func flags(
        _ id: String,
        _ title: String,
        _ kind: Kind,
        _ unit: String,
        _ names: [String],
        _ wanted: BenchmarkValue,
        excuse: Excuse? = nil
    ) -> BenchmarkCheck {
        let judge: @Sendable (RenderedHost) -> Answer? = { host in
            host.unit("\(unit).service").map { text in
                answer(names.compactMap { wanted.complaint("\(text.name) --\($0)", text.flag($0)) })
            }
        }
        return BenchmarkCheck(id: id, title: title, kind: kind, excuse: excuse, subject: .host(judge))
    }

    /// A field of a configuration file, and the flag of the same meaning, which wins over it.
    struct Setting: Sendable {
        var field: String
        var flag: String

        init(_ field: String, _ flag: String) {
            self.field = field
            self.flag = flag
        }
    }

    /// Settings of a unit.
    static func settings(
        _ id: String,
        _ title: String,
        _ kind: Kind,
        _ unit: String,
        _ settings: [Setting],
        _ wanted: BenchmarkValue,
        excuse: Excuse? = nil
    ) -> BenchmarkCheck {
        let judge: @Sendable (RenderedHost) -> Answer? = { host in
            host.unit("\(unit).service").map { text in
                answer(settings.map { complaint($0, text, host, wanted) })
            }
        }
        return BenchmarkCheck(id: id, title: title, kind: kind, excuse: excuse, subject: .host(judge))
    }

    private static func complaint(
        _ setting: Setting,
        _ unit: UnitText,
        _ host: RenderedHost,
        _ wanted: BenchmarkValue
    ) -> String? {
        if let value = unit.flag(setting.flag) { return wanted.complaint("\(unit.name) --\(setting.flag)", value) }
        let path = unit.flag("config")
        return wanted.complaint("\(path ?? unit.name) \(setting.field)", host.field(setting.field, in: path))
    }

    /// Files or directories with this mode or a stricter one.
    static func mode(
        _ id: String,
        _ title: String,
        _ kind: Kind,
        _ mode: UInt16,
        _ paths: @escaping @Sendable (RenderedHost) -> [String]
    ) -> BenchmarkCheck {
        entries(id, "\(title): mode \(octal(mode)) or less", kind, paths) { entry in
            entry.mode & ~mode == 0
                ? nil : "\(entry.path) has mode \(octal(entry.mode)), must be \(octal(mode)) or less"
        }
    }

    /// Files or directories of this owner and group.
    static func owner(
        _ id: String,
        _ title: String,
        _ kind: Kind,
        _ owner: String = "root:root",
        _ paths: @escaping @Sendable (RenderedHost) -> [String]
    ) -> BenchmarkCheck {
        entries(id, "\(title): owner \(owner)", kind, paths) { entry in
            entry.owner == owner ? nil : "\(entry.path) belongs to \(entry.owner), must be \(owner)"
        }
    }

    /// The two checks that the benchmark has for one place, mode first.
    static func pair(
        _ ids: (String, String),
        _ title: String,
        _ kind: Kind,
        mode: UInt16 = 0o600,
        owner: String = "root:root",
        _ paths: @escaping @Sendable (RenderedHost) -> [String]
    ) -> [BenchmarkCheck] {
        [.mode(ids.0, title, kind, mode, paths), .owner(ids.1, title, kind, owner, paths)]
    }

    /// What only people can judge, and why.
    static func people(_ id: String, _ title: String, _ reason: String) -> BenchmarkCheck {
        BenchmarkCheck(id: id, title: title, kind: .manual, excuse: nil, subject: .people(reason))
    }

    /// Met without complaints.
    static func answer(_ complaints: [String?]) -> Answer {
        let texts = complaints.compactMap(\.self)
        return texts.isEmpty ? .met : .unmet(texts.joined(separator: "; "))
    }

    private static func entries(
        _ id: String,
        _ title: String,
        _ kind: Kind,
        _ paths: @escaping @Sendable (RenderedHost) -> [String],
        _ complaint: @escaping @Sendable (RenderedEntry) -> String?
    ) -> BenchmarkCheck {
        let judge: @Sendable (RenderedHost) -> Answer? = { host in
            let named = paths(host)
            guard !named.isEmpty else { return nil }
            let complaints = named.compactMap { host.entry($0) }.map(complaint)
            let missing = named.filter { host.entry($0) == nil }
            guard missing.isEmpty || complaints.contains(where: { $0 != nil }) else {
                return .open("\(missing.joined(separator: ", ")): brought by the operator")
            }
            return answer(complaints)
        }
        return BenchmarkCheck(id: id, title: title, kind: kind, excuse: nil, subject: .host(judge))
    }

    private static func octal(_ mode: UInt16) -> String { String(mode, radix: 8) }
}
