import Templates

/// One change by apt, as scripts foresee it and make it.
///
/// Pinned packages stand on apt's own command line with the version that they have: that wins over every preference of the
/// host, and is gone with the command, however it ends. A hold would stay behind a run that was killed.
struct AptChange {
    /// Of apt-get, with its options.
    let verb: String
    /// What it is about; empty: everything.
    let names: [String]
    /// What keeps the version that it has.
    let pinned: [String]
    /// What may go for it.
    let removable: [String]

    /// Exit status of a script that would have removed something.
    static let refusal = 8
    /// Exit status of a check where apt cannot say what it would do: after a drain it could not do it either.
    static let unforeseen = 9
    static let unforeseenRemedy = """
        apt-get -s on the host shows all of it: mend names, sources and their lists (apt-get update), or what is broken \
        (apt-get -f install); then run the same again
        """

    /// The head of a check.
    static let required =
        "command -v apt-get > /dev/null || { echo 'this host has no apt-get'; exit \(unforeseen); }"
    /// Where `foresee` fails: apt's own last error; advice may follow it.
    static let unanswered = """
        { printf '%s\\n' "$o" | awk '{l = $0} /^E: /{e = $0} END {print e == "" ? l : e}'; exit \(unforeseen); }
        """

    /// `unread` finds a source whose lists were never read: what apt does not know may stand in them.
    ///
    /// Files' times would not tell: they are the server's.
    static let sources = """
        unread() {
          for f in $(apt-get --print-uris update 2> /dev/null | awk '$2 ~ /InRelease$/ {print $2}'); do
            find /var/lib/apt/lists -maxdepth 1 -name "${f%InRelease}*" 2> /dev/null | grep -q . || return 0
          done; return 1; }
        """

    static let new = "printf '%s\\n' \"$o\" | awk '/^Inst /{print $2}'"

    private var list: String { names.map(ShellQuoting.quote).joined(separator: " ") }

    /// Sets `$p`, pinned packages with their versions, and `$s`, which of them the host's lists know newer.
    ///
    /// Then `foresee` sets `$o`, apt's own simulation, and `judge` sets `$g`, what goes, or names what may not.
    var functions: String {
        """
        a='-q -o APT::Get::AutomaticRemove=false -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold'; p= s= l=
        for n in \(pinned.joined(separator: " ")); do
          v=$(dpkg-query -W -f '${db:Status-Abbrev} ${Version}' $n 2> /dev/null) || continue
          case $v in ?i*) v=${v##* };; *) continue;; esac
          p="$p $n=$v"; c=$(apt-cache policy $n 2> /dev/null | sed -n 's/^  Candidate: //p')
          ! dpkg --compare-versions "$c" gt "$v" 2> /dev/null || s="$s; $n stays at $v, not $c: provision apply pins it"
        done
        for n in \(list); do case "$p " in *" $n="*) ;; *) l="$l $n";; esac; done
        foresee() { o=$(apt-get $a -s \(verb) $l $p 2>&1); }
        judge() {
          g= b=
          for n in $(printf '%s\\n' "$o" | awk '/^(Remv|Purg) /{print $2}'); do
            case ' \(removable.joined(separator: " ")) ' in *" $n "*) g="$g $n";; *) b="$b $n";; esac
          done
          [ -z "$b" ] || { echo "apt would remove$b"; return 1; }; }
        """
    }

    /// After `foresee` and `judge`; where nothing is to go, apt itself refuses what would go by now.
    var run: String {
        """
        k=--no-remove; [ -z "$g" ] || k=
        apt-get $a -y $k \(verb) $l $p > /run/provision/apt.log 2>&1 || { tail -n 20 /run/provision/apt.log; exit 1; }
        """
    }

    /// The head of an action: foreseen again, since the plan is older; `prepare` runs where apt cannot say.
    func start(prepare: String, remedy: String) -> String {
        """
        command -v apt-get > /dev/null || { echo 'this host has no apt-get'; exit \(Self.refusal); }
        export DEBIAN_FRONTEND=noninteractive
        \(functions)
        foresee || { \(prepare); foresee; } || { printf '%s\\n' "$o" | tail -n 8; exit 1; }
        judge || { echo \(ShellQuoting.quote(remedy)); exit \(Self.refusal); }
        """
    }
}
