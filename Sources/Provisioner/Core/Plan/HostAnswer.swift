/// What a host's script answered, read back into receipts and probe answers.
package struct HostAnswer: Sendable {
    /// The receipt of one action.
    package struct Receipt: Sendable, Hashable {
        /// `nil` where the action began and no end was seen.
        package var status: Int?
        package var milliseconds: Int
        package var output: String
    }

    /// By the action's number; an action that never began has none.
    package private(set) var receipts: [Int: Receipt] = [:]
    package private(set) var answers: [ProbeAnswer] = []
    /// Whether the script's last line was seen.
    package private(set) var isComplete = false
    /// Whether another script of ours was still running on the host.
    package private(set) var isBusy = false

    private var kinds: [String: String] = [:]
    private var hashes: [String: String] = [:]
    /// Paths whose content is not ours any more.
    private var edits: Set<String> = []
    private var scripts: [Int: ProbeAnswer] = [:]

    package init(output: String, nonce: String, probed resources: [any Resource]) {
        var current: Int?
        for line in output.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix(nonce + " ") else {
                if let current, !line.isEmpty { append(line, to: current) }
                continue
            }
            let rest = line.dropFirst(nonce.utf8.count + 1)
            let word = rest.prefix { $0 != " " }
            read(String(word), rest.dropFirst(word.count + 1), current: &current)
        }
        answers = resources.enumerated().map { answer(to: $1, at: $0) }
    }

    private mutating func append(_ line: Substring, to action: Int) {
        guard let have = receipts[action]?.output, have.utf8.count < 16_384 else { return }
        let line = Sanitised.text(line)
        receipts[action]?.output = have.isEmpty ? line : have + "\n" + line
    }

    private mutating func read(_ word: String, _ rest: Substring, current: inout Int?) {
        let fields = rest.split(separator: " ").map(String.init)
        switch word {
        case "start":
            current = fields.first.flatMap { Int($0) }
            if let current { receipts[current] = Receipt(status: nil, milliseconds: 0, output: "") }
        case "done":
            guard fields.count == 3, let index = Int(fields[0]) else { return }
            receipts[index]?.status = Int(fields[1])
            receipts[index]?.milliseconds = Int(fields[2]) ?? 0
            current = nil
        case "probe":
            guard fields.count >= 2, let index = Int(fields[0]), let status = Int(fields[1]) else { return }
            scripts[index] = ProbeAnswer(
                status: status,
                // Whole: a survey carries the host's receipt, which grows with every change; the transport has a bound.
                text: Sanitised.text(fields.dropFirst(2).joined(separator: " "), limit: .max)
            )
        case "stat": readStat(rest)
        case "hash": readHash(rest)
        case "edited": edits.insert(String(rest))
        case "busy": isBusy = true
        case "end": isComplete = true
        default: return
        }
    }

    private mutating func readStat(_ rest: Substring) {
        let parts = rest.split(separator: "|", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return }
        let kind = parts[0].hasPrefix("regular") ? "file" : parts[0].replacing(" ", with: "-")
        kinds[String(parts[2])] = "\(kind) \(parts[1])"
    }

    private mutating func readHash(_ rest: Substring) {
        guard rest.utf8.count > 66 else { return }
        hashes[String(rest.dropFirst(66))] = String(rest.prefix(64))
    }

    private func answer(to resource: any Resource, at index: Int) -> ProbeAnswer {
        guard case .file(let path) = resource.probe else {
            return scripts[index] ?? ProbeAnswer(status: 255, text: "no answer came")
        }
        guard let kind = kinds[path] else { return ProbeAnswer(text: "absent") }
        guard kind.hasPrefix("file ") else { return ProbeAnswer(text: kind) }
        return ProbeAnswer(text: "\(kind) \(hashes[path] ?? "-")\(edits.contains(path) ? " edited" : "")")
    }
}
