/// One thing on a host, and what a teardown does about it.
package struct TeardownItem: Sendable, Hashable {
    package enum Fate: String, Sendable, Hashable, Codable {
        case goes, returns, stays
        /// Should go and may not yet; the run ends with exit status 3.
        case blocked
    }

    /// In the order in which they are dealt with.
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        // Stopped first.
        case node, unit, container, process, cgroup
        // The network.
        case mount, namespace, link, route, rules, set, table
        // What lies on disks.
        case package, directory, temporary, file, content, mode, user, group, folder
        // What the kernel and systemd were told.
        case start, sysctl, module, swap
        // Last.
        case trace
    }

    package var kind: Kind
    package var fate: Fate
    /// A path, a name, a number.
    package var subject: String
    package var reason: String
    /// What it is made of, one name each, where its subject stands for many.
    package var parts: [String]
    /// POSIX sh with the functions of `TeardownPrelude`; empty where nothing is done.
    package var script: String

    package init(
        _ kind: Kind,
        _ fate: Fate,
        _ subject: String,
        _ reason: String,
        parts: [String] = [],
        script: String = ""
    ) {
        self.kind = kind
        self.fate = fate
        self.subject = subject
        self.reason = reason
        self.parts = parts
        self.script = script
    }

    package var isWork: Bool { fate == .goes || fate == .returns }
}
