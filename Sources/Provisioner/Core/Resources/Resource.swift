/// One thing that must be so on one host: a file, a service, a route, a healthy endpoint.
///
/// A resource never touches a transport. It offers a probe, read-only, and says from the probe's answer which actions
/// are still missing; after they ran, the same probe must find nothing left to do.
package protocol Resource: Sendable {
    /// Unique on its host, for example `file:/etc/kubernetes/pki/ca.crt`.
    var id: String { get }
    /// What a person reads in a plan, without the host's name.
    var title: String { get }
    /// Why it exists.
    var reason: String { get }
    var probe: Probe { get }
    /// Digest of what is wanted; services fold it into their fingerprint.
    var digest: String { get }

    /// Judges the host's answer.
    ///
    /// - Parameters:
    ///   - answer: What the probe printed.
    ///   - changed: Ids of the resources that were changed on this host in the same run.
    /// - Returns: Whether it is as wanted, and if not, the actions that make it so.
    func verdict(for answer: ProbeAnswer, changed: Set<String>) -> Verdict

    /// What resources after it see among the changed ids once this verdict's actions are due.
    func marks(of verdict: Verdict) -> Set<String>
}

extension Resource {
    package func marks(of verdict: Verdict) -> Set<String> { [id] }
}

/// How a resource is observed.
package enum Probe: Sendable, Hashable {
    /// A regular file: kind, mode, owner, size and SHA-256; all of a host's files are read by two processes.
    case file(path: String)
    /// A shell snippet; its standard output, joined to one line, is the answer.
    case script(String)
}

/// What a probe printed, as one line, and the exit status of the snippet.
package struct ProbeAnswer: Sendable, Hashable {
    package var status: Int
    package var text: String

    package init(status: Int = 0, text: String) {
        self.status = status
        self.text = text
    }

    /// The words of the answer.
    package var words: [String] { text.split(separator: " ").map(String.init) }
}

/// What is to be done about a resource.
package enum Verdict: Sendable, Hashable {
    /// Nothing, and why.
    case same(String)
    /// These actions, and why.
    case change(String, [Action])
    /// The host is not in a state that may be changed; what to do about it.
    case refused(String, remedy: String)

    package var isSame: Bool {
        guard case .same = self else { return false }
        return true
    }

    package var actions: [Action] {
        guard case .change(_, let actions) = self else { return [] }
        return actions
    }
}
