package import Templates

/// The shell side of the relay: how one host sends large files on, and how another takes them.
///
/// What passes is no secret, and is proven by its SHA-256 where it arrives: it travels in clear. The token keeps everybody else
/// from being served; it is never on a command line.
package enum RelayScript {
    package static let unit = "provision-relay.service"
    /// The script, the token, and for each proven file a link named by its SHA-256; it goes with the unit.
    package static let directory = "/run/provision/relay"
    /// Where a listener's port is looked for: below the ports of services and of outgoing connections.
    package static let ports = 20_000...29_999
    /// Seconds after which a listener ends by itself, also that of a run which was killed.
    static let lifetime = 900
    /// Seconds for each 8 MB on their way, and for the connection.
    private static let patience = (chunk: 20, connection: 10)

    /// Lays the files out and listens; a listener that a run before this one has left is replaced.
    ///
    /// Its last word is the port behind the nonce, or why there is none. systemd ends everything that belongs to it.
    ///
    /// - Parameters:
    ///   - nonce: Stands before the port.
    ///   - address: The host's own, which others reach.
    ///   - ports: To be tried in this order.
    ///   - token: Whoever does not say it is not served.
    ///   - files: Paths by SHA-256.
    ///   - directory: Where everything lies.
    /// - Returns: A script for standard input.
    package static func opening(
        nonce: String,
        address: String,
        ports: [Int],
        token: Secret<String>,
        files: [String: String],
        directory: String = RelayScript.directory
    ) -> String {
        let links = files.sorted { $0.key < $1.key }.map { "ln -s \(ShellQuoting.quote($0.value)) $d/\($0.key)" }
        return """
            LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export LC_ALL PATH; umask 077
            d=\(directory) u=\(unit) e=
            heard() { cat /proc/net/tcp /proc/net/tcp6 2> /dev/null | grep -q "$(printf ':%04X 0*:0000 0A' "$1")"; }
            lay() {
            rm -rf $d; mkdir -p $d || return
            echo \(token.reveal()) > $d/token
            \(links.joined(separator: "\n"))
            cat > $d/serve <<'EOF_PROVISION'
            \(serving(from: directory))
            EOF_PROVISION
            }
            for c in systemd-run systemd-socket-activate; do
            command -v $c > /dev/null || { echo "there is no $c"; return; }; done
            timeout 10 systemctl stop $u 2> /dev/null
            for p in \(ports.map(String.init).joined(separator: " ")); do
            ! heard $p || continue
            lay || return
            e=$(timeout 10 systemd-run --quiet --collect --unit=$u --setenv=SYSTEMD_LOG_LEVEL=warning \
            -p RuntimeMaxSec=\(lifetime) -p TasksMax=64 -p NoNewPrivileges=yes -p CapabilityBoundingSet=CAP_DAC_READ_SEARCH \
            -p "ExecStopPost=/bin/rm -rf $d" \
            systemd-socket-activate --accept --inetd -l \(address):$p /bin/sh $d/serve 2>&1) || continue
            i=0
            while [ $i -lt 40 ] && timeout 10 systemctl -q is-active $u; do
            if heard $p; then echo "\(nonce) port $p"; return; fi
            sleep 0.05; i=$((i + 1)); done
            timeout 10 systemctl stop $u 2> /dev/null
            done
            rm -rf $d; echo "${e:-nothing can listen at \(address)}"
            """
    }

    /// The port that an opening script's output tells.
    package static func port(in output: String, nonce: String) -> Int? {
        let lines = output.split(separator: "\n").map { $0.split(separator: " ") }
        return lines.last { $0.count == 3 && $0[0] == nonce && $0[1] == "port" }.flatMap { Int($0[2]) }
    }

    /// Ends the listener, and what it is sending.
    package static let closing = "timeout 10 systemctl stop \(unit) 2> /dev/null; rm -rf \(directory)"

    /// What each connection is served by: reads `TOKEN SHA-256`, sends the file of that name, or nothing.
    package static func serving(from directory: String = RelayScript.directory) -> String {
        """
        LC_ALL=C; cd \(directory) && read -r token < token && [ "$token" ] || exit 0
        line=$(timeout 10 head -c 98)
        digest=${line#* }
        [ "${line%% *}" = "$token" ] && [ ${#digest} = 64 ] || exit 0
        case $digest in *[!0-9a-f]*) exit 0;; esac
        [ -L "$digest" ] && exec cat "$digest"
        """
    }

    /// Lets a listener send on what was just proven; without one nothing is done.
    package static func linking(_ path: String, sha256: String, in directory: String = RelayScript.directory) -> String
    {
        "[ ! -d \(directory) ] || ln -sfn \(ShellQuoting.quote(path)) \(directory)/\(sha256) || true"
    }

    /// The function that a host takes files by: a listener's file on standard output, the token on standard input.
    ///
    /// Only bash opens connections without a further program. A first one is given three seconds, since a connection that
    /// is dropped on its way would hang for minutes.
    package static let taking = #"""
        take() { # address, port, sha256, size
          command -v bash > /dev/null || { echo 'there is no bash to open a connection with' >&2; return 1; }
          n=$(($4 / 8388608 + 1))
          timeout $((n * \#(patience.chunk) + \#(patience.connection))) bash -c '
            read -r token && timeout 3 bash -c "exec 3<> /dev/tcp/\$0/\$1" "$1" "$2" || { echo "$1 port $2 does not answer" >&2; exit 1; }
            exec 3<> "/dev/tcp/$1/$2" || exit
            echo "$token $3" >&3
            for ((i = 0; i < $5; i++)); do
              timeout \#(patience.chunk) dd bs=1M count=8 iflag=fullblock status=none <&3 || { echo "$1 port $2 stopped sending" >&2; exit 1; }
            done' take "$@" $n; }
        """#

    /// Seconds that a copy of so many bytes may take on its way at most.
    package static func seconds(size: Int) -> Int { (size / 8_388_608 + 1) * patience.chunk + patience.connection }
}
