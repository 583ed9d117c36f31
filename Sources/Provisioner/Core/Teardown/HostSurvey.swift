/// What one host answered to the survey.
package struct HostSurvey: Sendable {
    package enum Kind: String, Sendable { case file, directory, link, other }

    /// What lies at a path.
    package struct Node: Sendable, Hashable {
        package var kind: Kind
        /// `644 root:root`.
        package var mode: String
    }

    /// A unit of the receipt or the plan, as systemd sees it.
    package struct Unit: Sendable, Hashable {
        package var active: String
        package var enabled: String
    }

    package private(set) var machineID = ""
    /// UUID, cluster and host, as the mark says.
    package private(set) var mark: [String]?
    package private(set) var receipt: HostReceipt
    package private(set) var nodes: [String: Node] = [:]
    package private(set) var hashes: [String: String] = [:]
    package private(set) var units: [String: Unit] = [:]
    package private(set) var mounts: [MountPoint] = []
    /// What `iptables-save` printed, by backend (`iptables-nft`).
    package private(set) var rules: [String: [String]] = [:]
    /// Interfaces and the bridge that each belongs to.
    package private(set) var links: [String: String] = [:]
    /// Everything else by kind: the words of each line.
    package private(set) var lists: [String: [[String]]] = [:]
    /// Whether the last line was seen.
    package private(set) var isComplete = false

    package init(answer: ProbeAnswer) {
        let text = String(decoding: Base64.decode(answer.text) ?? [], as: UTF8.self)
        self.init(lines: text.split(separator: "\n").map(String.init))
    }

    package init(lines: [String]) {
        receipt = HostReceipt(lines: lines.filter { $0.hasPrefix("receipt ") })
        for line in lines {
            let kind = String(line.prefix { $0 != " " })
            read(kind, String(line.dropFirst(kind.count + 1)))
        }
    }

    /// The first words of every line of a kind.
    package func list(_ kind: String) -> [String] { (lists[kind] ?? []).compactMap(\.first) }

    package func exists(_ path: String) -> Bool { nodes[path] != nil }

    private mutating func read(_ kind: String, _ rest: String) {
        let words = rest.split(separator: " ").map(String.init)
        switch kind {
        case "receipt": return
        case "complete": isComplete = true
        case "machine": machineID = rest
        case "mark": mark = words
        case "path": readPath(rest)
        case "hash": if rest.count > 66 { hashes[String(rest.dropFirst(66))] = String(rest.prefix(64)) }
        case "mount": if let mount = MountPoint(line: rest) { mounts.append(mount) }
        case "unit":
            if words.count > 1 { units[words[0]] = Unit(active: words[1], enabled: words.count > 2 ? words[2] : "") }
        case "link": if words.count == 2 { links[words[0]] = words[1] }
        case "rules":
            if let backend = words.first {
                rules[backend, default: []].append(String(rest.dropFirst(backend.count + 1)))
            }
        case "nft", "inside", "route", "temporary", "fstab": lists[kind, default: []].append([rest])
        default: lists[kind, default: []].append(words)
        }
    }

    private mutating func readPath(_ rest: String) {
        let parts = rest.split(separator: "|", maxSplits: 2).map(String.init)
        guard parts.count == 3 else { return }
        nodes[parts[2]] = Node(kind: Kind(rawValue: parts[0]) ?? .other, mode: parts[1])
    }
}
