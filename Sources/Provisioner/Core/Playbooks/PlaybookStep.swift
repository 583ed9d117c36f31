/// One step of a playbook: a kind from a closed set, and why it is there.
package struct PlaybookStep: Sendable, Hashable {
    package var kind: Kind
    package var reason: String

    package enum Kind: Sendable, Hashable {
        case file(File)
        /// Packages, and which others may go for them.
        case install([String], removes: [String])
        /// These packages, or all where none is named.
        case upgrade([String])
        case unit(Unit)
        case command(Command)
        case drain(Drain)
        case uncordon
        case reboot(Reboot)
        case waitFor(Wait)
        case kubectlApply(Content)
        case collect(SupportCollection)
    }

    package enum Content: Sendable, Hashable {
        case inline([UInt8])
        /// An absolute local path.
        case source(String)

        package var source: String? { if case .source(let path) = self { path } else { nil } }
    }

    package struct File: Sendable, Hashable {
        package var path: String
        package var content: Content
        package var mode: UInt16
        package var owner: String
        package var group: String
        /// A command that must accept the new file, given as its last word.
        package var validator: [String]
    }

    package struct Unit: Sendable, Hashable {
        package var name: String
        package var isRunning: Bool
        /// `nil`: as it is.
        package var isEnabled: Bool?
        /// Files of the same playbook whose change restarts it.
        package var restartAfter: [String]
        /// Files of the same playbook whose change reloads it.
        package var reloadAfter: [String]

        package init(
            name: String,
            isRunning: Bool,
            isEnabled: Bool?,
            restartAfter: [String],
            reloadAfter: [String]
        ) {
            self.name = name
            self.isRunning = isRunning
            self.isEnabled = isEnabled
            self.restartAfter = restartAfter
            self.reloadAfter = reloadAfter
        }
    }

    package struct Command: Sendable, Hashable {
        package var title: String
        package var check: String
        package var run: String
        package var seconds: Int
        package var changes = Changes()
    }

    /// What a command changes, noted before it runs, so that a teardown takes it back.
    package struct Changes: Sendable, Hashable {
        /// Files that it writes.
        package var files: [String] = []
        /// What gets another mode or owner.
        package var modes: [String] = []
        /// Files of the host that name kernel settings, as in /etc/sysctl.d.
        package var sysctls: [String] = []
    }

    package struct Drain: Sendable, Hashable {
        package var seconds: Int
        package var grace: Int?
        package var force: Bool
    }

    package struct Reboot: Sendable, Hashable {
        /// Otherwise once in every run.
        package var onlyWhenRequired: Bool
        package var seconds: Int
    }

    package struct Wait: Sendable, Hashable {
        package var title: String
        package var command: String
        package var seconds: Int
    }

    /// What a plan calls it.
    package var title: String {
        switch kind {
        case .file(let file): file.path
        case .install(let names, _): "packages \(names.joined(separator: " "))"
        case .upgrade(let names):
            names.isEmpty ? "all packages up to date" : "\(names.joined(separator: " ")) up to date"
        case .unit(let unit): unit.name
        case .command(let command): command.title
        case .drain: "drain"
        case .uncordon: "uncordon"
        case .reboot(let reboot): reboot.onlyWhenRequired ? "reboot where required" : "reboot"
        case .waitFor(let wait): wait.title
        case .kubectlApply: "kubectl apply"
        case .collect: "collect"
        }
    }

    /// Whether a controller does it for the host.
    package var isDelegated: Bool {
        switch kind {
        case .drain, .uncordon, .kubectlApply: true
        default: false
        }
    }
}
