import Templates

/// Packages of the distribution, by apt.
enum PlaybookPackages {
    private static let apt = "command -v apt-get > /dev/null || { echo 'this host has no apt-get'; exit 8; }"

    /// Written into the receipt before they come: teardown takes away what was not there.
    static func installed(_ names: [String], reason: String) -> CommandResource {
        let list = names.map(ShellQuoting.quote).joined(separator: " ")
        return CommandResource(
            id: "packages:\(names.joined(separator: ","))",
            title: "packages \(names.joined(separator: " "))",
            reason: reason,
            check: """
                m=; for n in \(list); do dpkg-query -W -f '${db:Status-Abbrev}' $n 2> /dev/null | grep -q '^ii' || m="$m $n"; done
                [ -z "$m" ] || { echo "missing:$m"; exit 1; }; echo "are installed"
                """,
            action: Action(
                kind: .run,
                title: "install \(names.joined(separator: " "))",
                script: """
                    \(apt)
                    export DEBIAN_FRONTEND=noninteractive
                    apt-get -s -q install --no-install-recommends \(list) > /dev/null 2>&1 || apt-get -q update
                    for n in $(apt-get -s -q install --no-install-recommends \(list) | awk '/^Inst /{print $2}'); do
                      dpkg-query -W -f '${db:Status-Abbrev}' $n 2> /dev/null | grep -q '^.i' || known package:$n || note created package:$n '' ''
                    done
                    apt-get -q -y install --no-install-recommends \(list) 2>&1 | tail -n 20
                    for n in \(list); do dpkg-query -W -f '${db:Status-Abbrev}' $n | grep -q '^ii'; done
                    """,
                seconds: 900
            )
        )
    }

    /// What the package lists on the host know to be newer; the lists themselves are another step's.
    static func upToDate(_ names: [String], reason: String) -> CommandResource {
        let list = names.map(ShellQuoting.quote).joined(separator: " ")
        let verb = names.isEmpty ? "upgrade --with-new-pkgs" : "install --only-upgrade --no-install-recommends \(list)"
        let what = names.isEmpty ? "all packages" : names.joined(separator: " ")
        return CommandResource(
            id: "upgrade:\(names.isEmpty ? "all" : names.joined(separator: ","))",
            title: "\(what) up to date",
            reason: reason,
            check: """
                o=$(apt-get -s -q \(verb) 2>&1) || { echo "$o" | tail -n 3; exit 1; }
                n=$(echo "$o" | awk '/^Inst /{print $2}'); [ -z "$n" ] || { echo "to upgrade:" $n; exit 1; }; echo "nothing newer is known"
                """,
            action: Action(
                kind: .run,
                title: "upgrade \(what)",
                script: """
                    \(apt)
                    export DEBIAN_FRONTEND=noninteractive
                    apt-get -q -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \(verb) > /run/provision/apt.log 2>&1 || { tail -n 20 /run/provision/apt.log; exit 1; }
                    """,
                seconds: 1800
            )
        )
    }
}
