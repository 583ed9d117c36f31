package import Templates

/// Who takes which large file from where: each passes the operator's uplink once, and goes on from host to host.
///
/// It knows digests and names of hosts only. Whoever got a turn must end it, however it went; a host that waits for one holds
/// no place that another may need to end his, so that nobody waits in a circle.
package actor UploadRelay {
    /// A host that sends on what it holds.
    package struct Peer: Sendable, Hashable {
        package var host: String
        package var address: String
        package var port: Int

        package init(host: String, address: String, port: Int) {
            self.host = host
            self.address = address
            self.port = port
        }
    }

    package enum Source: Sendable, Hashable {
        case `operator`
        case peer(Peer)
    }

    /// Which of the wanted files a host takes now, and from where.
    package struct Turn: Sendable, Hashable {
        /// Its place among the digests that were asked for.
        package var index: Int
        package var digest: String
        package var source: Source
    }

    private struct Waiting {
        var host: String
        var digests: [String]
        var continuation: CheckedContinuation<Turn, Never>
    }

    /// How many take from one host at once; more would only wait for its disk and its line.
    private static let takers = 2
    /// A host that so many others failed is asked by nobody, one that failed with so many asks nobody any more.
    private static let patience = 2

    /// What peers are asked with.
    package nonisolated let token = Secret(Nonce.token())
    private let uploads: Int
    /// Hosts that want a file and have no turn for it yet, by its digest.
    private var wanted: [String: Set<String>]
    /// Where a host's proven files lie: paths by digest, by host.
    private var held: [String: [String: String]]
    private var holders: [String: Set<String>] = [:]
    /// Hosts whose listeners are open.
    private var peers: [String: Peer] = [:]
    /// Hosts that held something from before, and have not said yet whether they listen.
    private var expected: Set<String>
    /// Hosts that send nothing on.
    private var mute: Set<String> = []
    /// How many take from a host now.
    private var busy: [String: Int] = [:]
    /// Hosts that are sent a file by the operator now, by its digest.
    private var sent: [String: Set<String>] = [:]
    /// Peers that failed with a host.
    private var refused: [String: Set<String>] = [:]
    private var complaints: [String: Int] = [:]
    private var waiting: [Waiting] = []

    /// Begins with what hosts have answered.
    ///
    /// - Parameters:
    ///   - wanted: Hosts that lack a file, by its SHA-256.
    ///   - held: Paths of proven files by their SHA-256, by host.
    ///   - uploads: How many the operator sends to at once.
    package init(wanted: [String: Set<String>], held: [String: [String: String]] = [:], uploads: Int) {
        self.wanted = wanted
        self.held = held
        self.uploads = max(1, uploads)
        expected = Set(held.filter { Self.isWanted($0.value, beside: $0.key, wanted) }.keys)
        for (host, files) in held { for digest in files.keys { holders[digest, default: []].insert(host) } }
    }

    /// Waits for one of several files, whichever is to be had first.
    ///
    /// - Parameters:
    ///   - digests: At least one, the most wanted first.
    ///   - host: Who wants them.
    /// - Returns: What to do now; `ended` must follow.
    package func turn(of digests: [String], for host: String) async -> Turn {
        for digest in digests { wanted[digest, default: []].insert(host) }
        if let turn = choose(digests, host) { return turn }
        return await withCheckedContinuation {
            waiting.append(Waiting(host: host, digests: digests, continuation: $0))
        }
    }

    /// A turn is over.
    ///
    /// - Parameters:
    ///   - turn: The turn.
    ///   - host: Whose.
    ///   - isFailure: Whether the peer did not give what it should; the host never asks it again.
    package func ended(_ turn: Turn, by host: String, isFailure: Bool = false) {
        switch turn.source {
        case .operator: sent[turn.digest]?.remove(host)
        case .peer(let peer):
            busy[peer.host, default: 1] -= 1
            guard isFailure else { break }
            refused[host, default: []].insert(peer.host)
            complaints[peer.host, default: 0] += 1
        }
        wake()
    }

    /// A host has a file in its place, proven.
    package func proved(_ digest: String, at path: String, on host: String) {
        held[host, default: [:]][digest] = path
        holders[digest, default: []].insert(host)
        wanted[digest]?.remove(host)
        wake()
    }

    /// What a host should open its listener with: paths by digest.
    ///
    /// - Parameter host: The host.
    /// - Returns: `nil` where it listens already, cannot, or has nothing that another one wants.
    package func offer(of host: String) -> [String: String]? {
        guard peers[host] == nil, !mute.contains(host) else { return nil }
        let files = held[host] ?? [:]
        if Self.isWanted(files, beside: host, wanted) { return files }
        if expected.remove(host) != nil { wake() }
        return nil
    }

    /// A host's listener is open.
    package func listens(_ peer: Peer) {
        peers[peer.host] = peer
        expected.remove(peer.host)
        wake()
    }

    /// A host sends nothing on, since it cannot listen or was lost: nobody waits for it.
    package func mutes(_ host: String) {
        peers[host] = nil
        expected.remove(host)
        mute.insert(host)
        wake()
    }

    /// A host wants nothing any more; it goes on sending.
    package func leaves(_ host: String) {
        for digest in Array(wanted.keys) { wanted[digest]?.remove(host) }
        expected.remove(host)
        wake()
    }

    /// Names of hosts whose listeners are open.
    package var listening: Set<String> { Set(peers.keys) }

    /// The operator first, as long as his line has room for what no host has: all of it must pass there.
    private func choose(_ digests: [String], _ host: String) -> Turn? {
        guard takes(host) else { return send(digests, 0, host) }
        if sent.values.reduce(0, { $0 + $1.count }) < uploads,
            let index = digests.firstIndex(where: { !isComing($0, to: host) })
        {
            return send(digests, index, host)
        }
        for (index, digest) in digests.enumerated() {
            guard let peer = freest(digest, for: host) else { continue }
            busy[peer.host, default: 0] += 1
            wanted[digest]?.remove(host)
            return Turn(index: index, digest: digest, source: .peer(peer))
        }
        return nil
    }

    private func send(_ digests: [String], _ index: Int, _ host: String) -> Turn {
        sent[digests[index], default: []].insert(host)
        wanted[digests[index]]?.remove(host)
        return Turn(index: index, digest: digests[index], source: .operator)
    }

    private func takes(_ host: String) -> Bool { (refused[host]?.count ?? 0) < Self.patience }

    /// Whether some host sends this one the file, or will: somebody ends a turn before it is known to be otherwise.
    private func isComing(_ digest: String, to host: String) -> Bool {
        if !usable(digest, for: host).isEmpty || sent[digest]?.isSubset(of: mute) == false { return true }
        return holders[digest]?.contains { $0 != host && expected.contains($0) } ?? false
    }

    private func usable(_ digest: String, for host: String) -> [Peer] {
        let refused = refused[host] ?? []
        return (holders[digest] ?? []).compactMap { name in
            let isOut = name == host || refused.contains(name) || complaints[name, default: 0] >= Self.patience
            return isOut ? nil : peers[name]
        }
    }

    /// The least busy, so that copies spread as a tree.
    private func freest(_ digest: String, for host: String) -> Peer? {
        let free = usable(digest, for: host).filter { busy[$0.host, default: 0] < Self.takers }
        return free.min { (busy[$0.host, default: 0], $0.host) < (busy[$1.host, default: 0], $1.host) }
    }

    /// Gives turns to those that wait, in the order in which they came.
    private func wake() {
        var rest: [Waiting] = []
        for one in waiting {
            if let turn = choose(one.digests, one.host) {
                one.continuation.resume(returning: turn)
            } else {
                rest.append(one)
            }
        }
        waiting = rest
    }

    private static func isWanted(
        _ files: [String: String],
        beside host: String,
        _ wanted: [String: Set<String>]
    ) -> Bool {
        files.keys.contains { wanted[$0]?.contains { $0 != host } ?? false }
    }
}
