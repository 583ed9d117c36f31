/// What a host's receipt says: what was created there, what was replaced, and what the host was before.
///
/// Receipts of older runs lack the baseline and some kinds of lines; whatever cannot be read is left out.
package struct HostReceipt: Sendable, Hashable {
    package struct SwapArea: Sendable, Hashable {
        package var area: String
        package var priority: Int?
    }

    /// Paths, users (`user:etcd`), groups and packages (`package:haproxy`) that were not there before, in order.
    package private(set) var created: [String] = []
    /// SHA-256 of what was written last, by path.
    package private(set) var hashes: [String: String] = [:]
    /// Where the previous content of a replaced file lies, by path.
    package private(set) var replaced: [String: String] = [:]
    /// Files of others that a package's removal could take along, by path, with their copy.
    package private(set) var kept: [String: String] = [:]
    /// Packages that were taken away for one that a playbook installed, with the version that they had.
    package private(set) var removed: [String: String] = [:]
    /// Mode and owner before they were changed, by path.
    package private(set) var modes: [String: String] = [:]
    /// Kernel settings before the first change, by name.
    package private(set) var sysctls: [String: String] = [:]
    /// Kernel modules that were not loaded.
    package private(set) var modules: [String] = []
    /// Swap areas that were in use, in order, with their priority; receipts of older runs do not know it.
    package private(set) var swaps: [SwapArea] = []
    /// Swap units that were masked.
    package private(set) var masked: [String] = []
    /// A unit's enablement and activity before ours of the same name, by unit.
    package private(set) var units: [String: String] = [:]
    /// Units that read a playbook's files, and whether by `reload` or by `restart`.
    package private(set) var rereads: [String: String] = [:]
    /// What was there at the first change although a component may make it too, by path: `empty` or `full`.
    package private(set) var present: [String: String] = [:]
    /// `nil` in receipts of older runs.
    package private(set) var machineID: String?
    package private(set) var clusterID: String?

    package init(lines: [String]) {
        for line in lines {
            guard let action = Self.value("action", in: line), let path = Self.value("path", in: line) else { continue }
            read(
                action,
                path,
                Self.value("sha256", in: line) ?? "",
                Self.value("previous", in: line) ?? ""
            )
        }
    }

    package var isEmpty: Bool { created.isEmpty && replaced.isEmpty && machineID == nil }
    /// Whether it begins where every receipt does; else it was lost, and what is there was written since.
    package var isWhole: Bool { created.contains(MarkerResource.path) }
    /// Whether it knows what the host was before the first change.
    package var hasBaseline: Bool { machineID != nil }
    package var users: [String] { named("user:") }
    package var groups: [String] { named("group:") }
    package var packages: [String] { named("package:") }
    /// Created files and directories.
    package var paths: [String] { created.filter { $0.hasPrefix("/") } }

    /// What of a receipt that was begun anew is beyond doubt: what it took for the host's own was ours already.
    var sinceLoss: HostReceipt {
        var receipt = self
        receipt.units = units.filter { created.contains("/etc/systemd/system/\($0.key)") }
        (receipt.sysctls, receipt.present, receipt.machineID) = ([:], [:], nil)
        return receipt
    }

    /// What of it is about one role; what the host was before its first change stays known.
    func limited(to scope: RoleScope) -> HostReceipt {
        var receipt = self
        receipt.created = created.filter(scope.holds(entry:))
        receipt.hashes = hashes.filter { scope.holds(path: $0.key) }
        receipt.replaced = replaced.filter { scope.holds(path: $0.key) }
        receipt.kept = kept.filter { scope.holds(path: $0.key) }
        receipt.modes = modes.filter { scope.holds(path: $0.key) }
        receipt.sysctls = sysctls.filter { scope.sysctls.contains($0.key) }
        receipt.units = units.filter { scope.holds(unit: $0.key) }
        (receipt.removed, receipt.rereads) = ([:], [:])
        if !scope.losesModules { receipt.modules = [] }
        return receipt
    }

    private func named(_ prefix: String) -> [String] {
        created.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }

    private mutating func read(_ action: String, _ path: String, _ hash: String, _ previous: String) {
        if !hash.isEmpty, path.hasPrefix("/") { hashes[path] = hash }
        switch action {
        case "created": if !created.contains(path) { created.append(path) }
        case "replaced": if replaced[path] == nil { replaced[path] = previous }
        case "kept": if kept[path] == nil { kept[path] = previous }
        case "removed" where path.hasPrefix("package:"):
            let name = String(path.dropFirst("package:".count))
            if removed[name] == nil { removed[name] = previous }
        case "mode": if modes[path] == nil { modes[path] = previous }
        case "sysctl": if sysctls[path] == nil { sysctls[path] = previous }
        case "module": if !modules.contains(path) { modules.append(path) }
        case "swap" where !swaps.contains(where: { $0.area == path }):
            swaps.append(.init(area: path, priority: Int(previous)))
        case "masked": if !masked.contains(path) { masked.append(path) }
        case "unit": if units[path] == nil { units[path] = previous }
        case "reread": readReread(path)
        case "present": if present[path] == nil { present[path] = previous }
        case "machine": (machineID, clusterID) = (path, previous)
        default: return
        }
    }

    private mutating func readReread(_ path: String) {
        let words = path.split(separator: ":", maxSplits: 1).map(String.init)
        guard words.count == 2, rereads[words[1]] != "restart" else { return }
        rereads[words[1]] = words[0]
    }

    /// The value of a key in one line, as the prelude's `note` writes it: no value holds a quotation mark.
    private static func value(_ key: String, in line: String) -> String? {
        guard let range = line.firstRange(of: "\"\(key)\":\"") else { return nil }
        let rest = line[range.upperBound...]
        return rest.firstIndex(of: "\"").map { String(rest[..<$0]) }
    }
}
