import Templates

/// What a restore takes away, in words: the snapshot's revision against what is still seen.
package struct RestoreLoss: Sendable {
    package var revision: Int
    /// When the snapshot was taken, RFC 3339; `nil` where nobody knows.
    package var taken: String?
    /// The newest revision that a host still holds, and which host.
    package var seen: (revision: Int, host: String)?
    /// Whether the source is a member's own file, which is the newest that there is.
    package var isFromMember: Bool

    package init(revision: Int, taken: String?, overview: EtcdOverview, isFromMember: Bool = false) {
        self.revision = revision
        self.taken = taken
        self.isFromMember = isFromMember
        seen = overview.members.compactMap { member in member.revision.map { (revision: $0, host: member.host) } }
            .max { $0.revision < $1.revision }
    }

    package var words: String {
        let source = "revision \(revision)\(taken.map { " of \($0)" } ?? "")"
        guard let seen else {
            return
                "back to \(source); no host says what it held, so everything written later is lost, and how much is not known"
        }
        let lost = seen.revision - revision
        if lost > 0 {
            return
                "back to \(source); \(seen.host) holds revision \(seen.revision): the \(counted(lost, "change")) after \(revision) \(lost == 1 ? "is" : "are") lost"
        }
        if lost < 0, !isFromMember {
            return
                "forward to \(source); the newest that a host still holds is revision \(seen.revision) on \(seen.host). "
                + "What was written after the snapshot and lies on no host any more is lost"
        }
        return "to \(source), which is all that \(seen.host) holds; what only a lost member had is lost"
    }
}
