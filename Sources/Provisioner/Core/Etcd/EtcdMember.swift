/// One etcd member as its own host describes it.
package struct EtcdMember: Sendable, Hashable {
    /// What a member believes about another, or about itself.
    package struct Known: Sendable, Hashable {
        package var id: UInt64
        /// Empty until it has started once.
        package var name: String
        package var peerURLs: [String]
        package var isLearner: Bool
    }

    /// What `etcdctl endpoint status` says.
    package struct Status: Sendable, Hashable {
        package var id: UInt64
        package var cluster: UInt64
        package var version: String
        /// Bytes of the database file, and of what is not free in it.
        package var size: Int
        package var sizeInUse: Int
        /// 0 where it sees none.
        package var leader: UInt64
        package var term: UInt64
        package var index: UInt64
        package var appliedIndex: UInt64
        package var revision: Int
        package var isLearner: Bool
        /// Alarms and `etcdserver: no leader`, in etcd's words.
        package var errors: [String]
    }

    /// The host, as the inventory names it.
    package var host: String
    /// Its name in etcd, by rule the node name.
    package var name: String
    package var endpoint: String
    /// Why the host was not reached.
    package var failure: String?
    /// What systemd says, for example `active`.
    package var unit = "unknown"
    /// Its own `/health`.
    package var isHealthy = false
    package var status: Status?
    package var known: [Known] = []
    /// What its database file says, where it does not run.
    package var stored: EtcdSnapshot?
    /// How fast it writes; `nil` where it does not say so.
    package var writing: EtcdWriting?

    /// A member whose host was not reached.
    package init(_ host: HostSpec, failure: String? = nil) {
        self.host = host.name
        name = host.nodeName
        endpoint = "https://\(host.internalAddress):2379"
        self.failure = failure
    }

    /// Reads the answer of `EtcdScripts.status`.
    package init(_ host: HostSpec, answer: String) {
        self.init(host)
        var metrics: [String] = []
        for line in answer.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            guard words.count == 2 else { continue }
            switch words[0] {
            case "unit": unit = words[1]
            case "health": isHealthy = words[1] == "true"
            case "status": status = Status(json: words[1])
            case "members": known = Self.known(json: words[1])
            case "stored": stored = EtcdSnapshot(json: words[1])
            case "metric": metrics.append(words[1])
            default: break
            }
        }
        if !metrics.isEmpty { writing = EtcdWriting(metrics: metrics.joined(separator: "\n")) }
    }

    /// The newest revision that is there, whether it runs or not.
    package var revision: Int? { status?.revision ?? stored?.revision }

    package var isStarted: Bool { status != nil }

    /// Whether it counts for a majority: an alarm makes it call itself unhealthy, and it votes all the same.
    package var votes: Bool {
        isHealthy
            || (status?.leader ?? 0) != 0 && !alarms.isEmpty
                && Set(alarms).isSubset(of: ["NOSPACE", "CORRUPT"])
    }

    /// Whether it serves: one that is out of space refuses writes and calls itself unhealthy, but has its part in the quorum.
    package var answers: Bool { isHealthy || (status?.leader ?? 0) != 0 && alarms == ["NOSPACE"] }

    package var isLeader: Bool { status.map { $0.id != 0 && $0.id == $0.leader } ?? false }

    /// Alarms by name, `NOSPACE` and `CORRUPT`.
    package var alarms: [String] {
        let names = ["NOSPACE", "CORRUPT"]
        return names.filter { name in status?.errors.contains { $0.contains(name) } ?? false }
    }

    private static func known(json: String) -> [Known] {
        (ConfigDocument(text: json)?["members"]?.items ?? []).map { member in
            Known(
                id: member["ID"]?.text.flatMap { UInt64($0) } ?? 0,
                name: member["name"]?.text ?? "",
                peerURLs: member["peerURLs"]?.items.compactMap(\.text) ?? [],
                isLearner: member["isLearner"]?.text == "true"
            )
        }
    }
}

extension EtcdMember.Status {
    /// Reads `endpoint status -w json` of one endpoint.
    init?(json: String) {
        guard let status = ConfigDocument(text: json)?.items.first?["Status"],
            let id = status["header", "member_id"]?.text.flatMap({ UInt64($0) })
        else { return nil }
        func number<Number: FixedWidthInteger>(_ key: String) -> Number {
            status[key]?.text.flatMap { Number($0) } ?? 0
        }
        self.init(
            id: id,
            cluster: status["header", "cluster_id"]?.text.flatMap { UInt64($0) } ?? 0,
            version: status["version"]?.text ?? "?",
            size: number("dbSize"),
            sizeInUse: number("dbSizeInUse"),
            leader: number("leader"),
            term: number("raftTerm"),
            index: number("raftIndex"),
            appliedIndex: number("raftAppliedIndex"),
            revision: status["header", "revision"]?.text.flatMap { Int($0) } ?? 0,
            isLearner: status["isLearner"]?.text == "true",
            errors: status["errors"]?.items.compactMap(\.text) ?? []
        )
    }
}
