/// Takes our chains, and the rules that jump to them, out of what `iptables-save` printed; everything else stays.
///
/// Ours are kube-proxy's and the kubelet's `KUBE-*`, and those `CNI-*` chains whose rules name our pod network.
package struct FirewallCleanup: Sendable, Hashable {
    /// What one table loses.
    package struct Table: Sendable, Hashable {
        package var name: String
        /// Our chains.
        package var chains: [String] = []
        /// Rules of other chains that jump to ours, as `-A CHAIN ...`.
        package var jumps: [String] = []
        /// Whether nothing but empty built-in chains that accept remains.
        package var isBare = false
    }

    package private(set) var tables: [Table] = []

    /// Reads one backend's text.
    ///
    /// - Parameters:
    ///   - lines: What `iptables-save` of this backend printed.
    ///   - network: The name of our pod network, as the CNI plugins write it into comments.
    package init(lines: [String], network: String) {
        var name: String?
        var body: [String] = []
        let isForeign = lines.contains { $0.contains("is incompatible") }
        for line in lines {
            if line.hasPrefix("*") {
                (name, body) = (String(line.dropFirst()), [])
            } else if line == "COMMIT", let table = name {
                tables.append(Self.table(table, body, network, mayBeBare: !isForeign))
                name = nil
            } else {
                body.append(line)
            }
        }
    }

    package var chains: Int { tables.reduce(0) { $0 + $1.chains.count } }
    package var rules: Int { tables.reduce(0) { $0 + $1.jumps.count } }
    /// Every chain and every rule that jumps to one, after its table's name.
    package var names: [String] {
        tables.flatMap { table in (table.chains + table.jumps).map { "\(table.name) \($0)" } }
    }

    package var isEmpty: Bool { chains == 0 && rules == 0 }

    /// For `iptables-restore --noflush`: a table is changed at once or not at all.
    package var restoreText: String {
        tables.filter { !$0.chains.isEmpty || !$0.jumps.isEmpty }.map { table in
            let flush = table.chains.map { ":\($0) - [0:0]" }
            let delete = table.jumps.map { "-D" + $0.dropFirst(2) }
            let remove = table.chains.map { "-X \($0)" }
            return (["*\(table.name)"] + flush + delete + remove + ["COMMIT"]).joined(separator: "\n") + "\n"
        }.joined()
    }

    private static func table(_ name: String, _ body: [String], _ network: String, mayBeBare: Bool) -> Table {
        let rules = body.filter { $0.hasPrefix("-A ") }
        let all = body.filter { $0.hasPrefix(":") }.map { String($0.dropFirst().prefix { $0 != " " }) }
        var ours = Set(all.filter { $0.hasPrefix("KUBE-") || isOurPodChain($0, rules, network) })
        for shared in all where shared.hasPrefix("CNI-HOSTPORT-") {
            // The port mapper's own chains are shared by every network: ours only while nobody else's is behind them.
            let others = rules.contains { rule in
                target(rule).hasPrefix("CNI-DN-") && !ours.contains(target(rule))
            }
            if !others { ours.insert(shared) }
        }
        let jumps = rules.filter { !ours.contains(chain($0)) && ours.contains(target($0)) }
        let rest = rules.contains { !ours.contains(chain($0)) && !ours.contains(target($0)) }
        let accepting = body.allSatisfy { line in
            !line.hasPrefix(":") || ours.contains(String(line.dropFirst().prefix { $0 != " " }))
                || line.contains(" ACCEPT ")
        }
        return Table(
            name: name,
            chains: all.filter(ours.contains),
            jumps: jumps,
            isBare: mayBeBare && !rest && accepting
        )
    }

    /// A chain of one sandbox: its rules, or the rule that jumps to it, say whose network it is.
    private static func isOurPodChain(_ chain: String, _ rules: [String], _ network: String) -> Bool {
        guard chain.hasPrefix("CNI-"), !chain.hasPrefix("CNI-HOSTPORT-") else { return false }
        let named = rules.filter { Self.chain($0) == chain || target($0) == chain }.filter { $0.contains("name: \\\"") }
        return !named.isEmpty && named.allSatisfy { $0.contains("name: \\\"\(network)\\\"") }
    }

    private static func chain(_ rule: String) -> String {
        String(rule.dropFirst(3).prefix { $0 != " " })
    }

    /// Where a rule jumps to; the last `-j` or `-g` outside of a comment.
    private static func target(_ rule: String) -> String {
        var words: [Substring] = []
        for (index, part) in rule.replacing("\\\"", with: "'").split(separator: "\"").enumerated() where index % 2 == 0
        {
            words += part.split(separator: " ")
        }
        guard let index = words.lastIndex(where: { $0 == "-j" || $0 == "-g" }), index + 1 < words.count else {
            return ""
        }
        return String(words[index + 1])
    }
}
