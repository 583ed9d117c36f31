import FoundationEssentials

/// Where things lie on the operator's machine (XDG base directories).
struct Places {
    private let environment: [String: String]

    init(environment: [String: String] = ProcessInfo.processInfo.environment) { self.environment = environment }

    /// The variables that move any of these places.
    static let variables: Set = ["PROVISION_CACHE", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"]

    /// Downloads, builds and the lab's base image; `PROVISION_CACHE` names another place.
    var cache: String {
        environment["PROVISION_CACHE"].flatMap { $0.isEmpty ? nil : $0 } ?? base("XDG_CACHE_HOME", ".cache")
            + "/provision"
    }

    /// Run records and labs.
    var state: String { base("XDG_STATE_HOME", ".local/state") + "/provision" }

    /// One file per run.
    var runs: String { state + "/runs" }

    /// The state of one lab: its disks, key and known_hosts.
    func lab(_ name: String) -> String { state + "/labs/" + name }

    private func base(_ variable: String, _ fallback: String) -> String {
        if let value = environment[variable], value.hasPrefix("/") { return value }
        return (environment["HOME"] ?? "/root") + "/" + fallback
    }

    /// An absolute form of a path given on the command line.
    static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        if path == "~" || path.hasPrefix("~/") {
            return (ProcessInfo.processInfo.environment["HOME"] ?? "/root") + path.dropFirst(1)
        }
        return FileManager.default.currentDirectoryPath + "/" + path
    }
}
