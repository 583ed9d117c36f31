package import Templates

/// What one member's host says of etcd's data on it and of all members.
package struct EtcdVoice: Sendable, Equatable {
    /// A member, and whether it answers as healthy from this host.
    package struct Seen: Sendable, Equatable {
        package var member: ClusterTruth.EtcdMember
        package var isUp: Bool
    }

    /// Whether its etcd runs, or a directory holds data.
    package private(set) var hasData = false
    /// `nil` where the member on this host lists nobody.
    package private(set) var members: [Seen]?

    /// Whether a member is lost with this host; one that answers may keep its data elsewhere.
    package var holdsMember: Bool { hasData || members != nil }

    /// Asks on a member's host, with the prelude's functions.
    ///
    /// A restore that was cut off has moved the old data aside, and nothing into its place yet. A running member's data may
    /// lie elsewhere, or be open in files that are deleted.
    package static func script(address: IPv4Address, dataDirectory: String) -> String {
        """
        \(EtcdShell.client)
        \(EtcdShell.healthy)
        D=\(ShellQuoting.quote(dataDirectory))
        [ ! -e "$D/member/snap/db" ] || echo data
        ! find "$D/" -maxdepth 1 -name 'member.before-*' 2> /dev/null | grep -q . || echo data
        case $(systemctl is-active etcd.service 2> /dev/null) in active | activating | deactivating | reloading) echo data;; esac
        l=$(E --endpoints https://\(address):2379 member list 2> /dev/null) || l=
        [ -z "$l" ] || echo members
        echo "$l" | grep . | sed 's/, /|/g' | while read -r m; do
        u=$(echo "$m" | cut -d'|' -f5); h=down; if [ -n "$u" ] && healthy "$u"; then h=up; fi
        echo "member|$m|$h"; done
        echo whole
        """
    }

    /// Reads the script's answer; `nil` where it was cut off.
    package init?(answer: String) {
        let lines = answer.split(separator: "\n").map(String.init)
        guard lines.last == "whole" else { return nil }
        hasData = lines.contains("data")
        guard lines.contains("members") else { return }
        members = lines.compactMap { line in
            guard line.hasPrefix("member|"), let end = line.lastIndex(of: "|"),
                let member = ClusterTruth(words: ["members", String(line[..<end])]).etcd?.first
            else { return nil }
            return Seen(member: member, isUp: line.hasSuffix("|up"))
        }
    }
}

/// What etcd loses with hosts that nobody takes out of it first.
///
/// Their members stay in its list, so what a majority needs does not shrink with them.
package struct EtcdLoss: Sendable {
    package enum Verdict: Sendable, Equatable {
        case bearable
        /// Those who stay would be no majority.
        case quorum(up: Int, voters: Int, ill: [String])
        /// No majority is healthy, so what these hosts hold may be the last copy.
        case data([String])
    }

    private let holders: [HostSpec]
    private let voices: [String: EtcdVoice]

    /// Judges what is about to go.
    ///
    /// - Parameters:
    ///   - leaving: The hosts whose files go.
    ///   - voices: What hosts said, by name; one that goes and said nothing is taken for one with a member.
    package init(leaving: [HostSpec], voices: [String: EtcdVoice]) {
        holders = leaving.filter { voices[$0.name]?.holdsMember ?? true }
        self.voices = voices
    }

    package var verdict: Verdict {
        guard !holders.isEmpty else { return .bearable }
        let voters = (listed ?? []).filter { !$0.member.isLearner }
        let need = voters.count / 2 + 1
        guard voters.count(where: \.isUp) >= need else { return .data(holders.map(\.name)) }
        let staying = voters.filter { seen in
            !holders.contains { seen.member.belongs(to: $0.nodeName, at: $0.internalAddress.description) }
        }
        let up = staying.count(where: \.isUp)
        guard staying.count < voters.count, up < need else { return .bearable }
        let ill = staying.filter { !$0.isUp }.map { $0.member.name.isEmpty ? $0.member.address : $0.member.name }
        return .quorum(up: up, voters: voters.count, ill: ill)
    }

    /// Who stays sees what will be; who goes is asked where nobody else answers.
    private var listed: [EtcdVoice.Seen]? {
        let leaving = Set(holders.map(\.name))
        let names = voices.keys.sorted { (leaving.contains($0) ? 1 : 0, $0) < (leaving.contains($1) ? 1 : 0, $1) }
        return names.lazy.compactMap { voices[$0]?.members }.first
    }

    /// Why nothing is taken down, and what to do.
    ///
    /// - Parameters:
    ///   - drains: Whether the hosts would be drained, were there somebody to ask.
    ///   - keepsData: Whether members' data stays on the hosts.
    ///   - inventory: For commands.
    /// - Returns: `nil` where it may go on.
    package func refusal(drains: Bool, keepsData: Bool, inventory: String) -> EtcdSituation.Refusal? {
        let whole = "the whole cluster is taken down by: provision teardown \(inventory)"
        switch verdict {
        case .bearable: return nil
        case .quorum(let up, let voters, let ill):
            let names = holders.map(\.name).joined(separator: ", ")
            let back = ill.isEmpty ? nil : Self.back(ill.joined(separator: ", "), inventory)
            let drained = drains ? nil : "leave out --no-drain, which takes the member out of etcd first"
            return EtcdSituation.Refusal(
                why: "without \(names) \(up) of etcd's \(voters) members would be healthy, and \(voters / 2 + 1) are "
                    + "needed: etcd would lose its quorum, and the API could write nothing any more",
                remedy: [back, drained, whole].compactMap(\.self).joined(separator: "; ")
            )
        case .data(let names):
            guard !keepsData else { return nil }
            return EtcdSituation.Refusal(
                why: "no majority of etcd is healthy (a member does not answer or has an alarm), and what "
                    + "\(names.joined(separator: ", ")) holds of its data may be the last copy",
                remedy: "see provision etcd status \(inventory), bring a majority back first; with --keep-data the "
                    + "data stays on the host; \(whole)"
            )
        }
    }

    private static func back(_ names: String, _ inventory: String) -> String {
        "bring back \(names) first (does not answer or has an alarm), or take it out of the inventory and run: "
            + "provision apply \(inventory)"
    }
}
