import Templates

/// Packages of the distribution, by apt.
///
/// What `apply` holds at one version keeps it, and nothing is removed that the step does not name.
struct PlaybookPackages: Resource {
    let id: String
    let title: String
    let reason: String
    private let check: String
    private let action: Action
    /// Where apt would remove something.
    private let remedy: String

    var digest: String { "" }
    var probe: Probe { .script(check) }

    func verdict(for answer: ProbeAnswer, changed: Set<String>) -> Verdict {
        switch answer.status {
        case 0: .same(answer.text)
        case AptChange.refusal: .refused(answer.text, remedy: remedy)
        case AptChange.unforeseen: .refused(answer.text, remedy: AptChange.unforeseenRemedy)
        default: .change(answer.text, [action])
        }
    }

    /// Written into the receipt before they come: teardown takes away what was not there, and names what went for them.
    static func installed(_ names: [String], removes: [String], pinned: [String], reason: String) -> PlaybookPackages {
        let list = names.map(ShellQuoting.quote).joined(separator: " ")
        let change = AptChange(
            verb: "install --no-install-recommends",
            names: names,
            pinned: pinned,
            removable: removes
        )
        let remedy = "if they may go, name them in the step's `removes`; else leave out what they conflict with"
        return PlaybookPackages(
            id: "packages:\(names.joined(separator: ","))",
            title: "packages \(names.joined(separator: " "))",
            reason: reason,
            check: """
                m=; for n in \(list); do dpkg-query -W -f '${db:Status-Abbrev}' $n 2> /dev/null | grep -q '^.i' || m="$m $n"; done
                [ -n "$m" ] || { echo "are installed"; exit 0; }
                \(AptChange.required)
                \(change.functions)
                \(AptChange.sources)
                g=; u=
                if foresee; then judge || exit \(AptChange.refusal)
                elif unread; then u='; apt reads its lists first'
                else \(AptChange.unanswered); fi
                echo "missing:$m${g:+; removes$g}$u"; exit 1
                """,
            action: Action(
                kind: .run,
                title: "install \(names.joined(separator: " "))",
                script: """
                    \(change.start(prepare: "apt-get -q update", remedy: remedy))
                    for n in $(\(AptChange.new)); do
                      dpkg-query -W -f '${db:Status-Abbrev}' $n 2> /dev/null | grep -q '^.i' || known package:$n || note created package:$n '' ''
                    done
                    for n in $g; do known package:$n || note removed package:$n '' "$(dpkg-query -W -f '${Version}' $n)"; done
                    \(change.run)
                    for n in \(list); do dpkg-query -W -f '${db:Status-Abbrev}' $n | grep -q '^.i'; done
                    """,
                seconds: 900
            ),
            remedy: remedy
        )
    }

    /// What the package lists on the host know to be newer; the lists themselves are another step's.
    static func upToDate(_ names: [String], pinned: [String], reason: String) -> PlaybookPackages {
        let change = AptChange(
            verb: names.isEmpty ? "upgrade --with-new-pkgs" : "install --only-upgrade --no-install-recommends",
            names: names,
            pinned: pinned,
            removable: []
        )
        let what = names.isEmpty ? "all packages" : names.joined(separator: " ")
        let remedy = "remove them on the host if they may go, or leave out what needs that"
        return PlaybookPackages(
            id: "upgrade:\(names.isEmpty ? "all" : names.joined(separator: ","))",
            title: "\(what) up to date",
            reason: reason,
            check: """
                \(AptChange.required)
                \(change.functions)
                foresee || \(AptChange.unanswered)
                judge || exit \(AptChange.refusal)
                n=$(\(AptChange.new)); [ -z "$n" ] || { echo to upgrade: $n"$s"; exit 1; }
                [ -z "$s" ] || { echo "nothing else is newer$s"; exit 0; }; echo "nothing newer is known"
                """,
            action: Action(
                kind: .run,
                title: "upgrade \(what)",
                script: """
                    \(change.start(prepare: ":", remedy: remedy))
                    \(change.run)
                    """,
                seconds: 1800
            ),
            remedy: remedy
        )
    }
}
