import ProvisionCore

extension Verdict {
    /// `same: why`, `refused: why`, or `change: why -> title, title`.
    var outline: String {
        switch self {
        case .same(let why): "same: \(why)"
        case .refused(let why, _): "refused: \(why)"
        case .change(let why, let actions): "change: \(why) -> \(actions.map(\.title).joined(separator: ", "))"
        }
    }
}

extension Resource {
    /// The outline of the verdict about one answer.
    func outline(_ text: String, status: Int = 0, changed: Set<String> = []) -> String {
        verdict(for: ProbeAnswer(status: status, text: text), changed: changed).outline
    }

    /// The scripts of the actions that follow from one answer.
    func scripts(_ text: String, status: Int = 0, changed: Set<String> = []) -> [String] {
        verdict(for: ProbeAnswer(status: status, text: text), changed: changed).actions.map(\.script)
    }
}
