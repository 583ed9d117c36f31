/// The shell functions that probes and actions call; sent at the head of every script.
///
/// POSIX sh as dash runs it, with coreutils, util-linux and systemd; nothing is left on the host.
package enum Prelude {
    /// What a probe script needs.
    ///
    /// Read-only, but for the cache of large files' hashes. Probes ask the API with little patience, so that a host whose
    /// API hangs for want of a quorum still answers for everything else; actions have more. kubectl's own limit holds for each
    /// of its five attempts. Within `listening` one that did not answer in time is not asked again.
    package static let probing = #"""
        LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export LC_ALL PATH; umask 077; cd /; set -f
        S=/var/lib/provision M=$(uname -m)
        hash() { sha256sum < "$1" | cut -c1-64; }
        big() {
          [ -f "$1" ] && [ ! -L "$1" ] || { echo "$M absent"; return; }
          k=$(stat -c '%d:%i:%s:%y:%z' "$1" | tr ' ' _); c=$S/hashes/$(echo "$1" | tr / +); h=
          [ -f "$c" ] && read -r q h < "$c" && [ "$q" = "$k" ] || { h=$(hash "$1"); [ -d $S ] && mkdir -p $S/hashes && echo "$k $h" > "$c"; }
          echo "$M file $(stat -c '%a %U:%G %s' "$1") $h"; }
        state() {
          A=unknown B=- C=- D=no I=- F='- - -'
          V=$(systemctl show -p ActiveState -p SubState -p UnitFileState -p NeedDaemonReload -p InvocationID "$1" 2>&1)
          while IFS== read -r k v; do case $k in
            ActiveState) A=$v;; SubState) B=${v:--};; UnitFileState) C=${v:--};; NeedDaemonReload) D=$v;; InvocationID) I=${v:--};;
          esac; done <<V
        $V
        V
        }
        W=14 # half seconds: what systemd is about to start again, a control loop that lost its lease, is waited for
        service() {
          state "$1"
          while [ "$B" = auto-restart ] && [ $W -gt 0 ]; do
            sleep 0.5; W=$((W - 1)); state "$1"; [ "$B" = auto-restart ] || sleep 1; done
          [ -f "$S/stamps/$1" ] && read -r F < "$S/stamps/$1"; echo "$A $B $C $D $I $F"; }
        T=4s K=6
        kc() {
          [ "${deaf-}" != yes ] || { echo 'the API did not answer this host a moment ago' >&2; return 124; }
          kcs=$(date +%s) kcr=0; timeout $K kubectl --kubeconfig /etc/kubernetes/admin.conf --request-timeout $T "$@" || kcr=$?
          [ $kcr = 0 ] || [ "${deaf-}" != no ] || [ $(($(date +%s) - kcs)) -lt 4 ] || kill -USR1 $$
          return $kcr; }
        """#

    /// Before probes alone: each runs in a subshell, and only a signal lets the shell know for the next ones what one has found.
    static let listening = "deaf=no; trap 'deaf=yes' USR1"

    /// What actions need beside it; each refuses loudly and leaves the old state in place where it can.
    package static let acting = #"""
        T=10s K=60 U=/etc/systemd/system
        note() { mkdir -p $S; printf '{"action":"%s","path":"%s","sha256":"%s","previous":"%s"}\n' "$1" "$2" "$3" "$4" >> $S/receipt.jsonl; }
        known() { grep -qsF "\"path\":\"$1\"" $S/receipt.jsonl; }
        whole() { known \#(MarkerResource.path) || [ ! -f \#(MarkerResource.path) ]; } # else the receipt was lost, and begun anew
        copy() { # action, path, sha256; what was saved before a receipt was lost is the only original
          r=$S/replaced/$(echo "$2" | tr / +); mkdir -p $S/replaced
          if [ -e "$r" ] || [ -L "$r" ]; then whole || set -- updated "$2" "$3"
          else rm -rf $S/.copy.provision-tmp; cp -a "$2" $S/.copy.provision-tmp; mv -fT $S/.copy.provision-tmp "$r"; fi
          note "$1" "$2" "$3" "$r"; }
        keep() {
          [ -e "$1" ] || [ -L "$1" ] || { note created "$1" "$2" ''; return; }
          known "$1" || { copy replaced "$1" "$2"; return; }
          [ -z "$2" ] || { edited "$1"; note updated "$1" "$2" ''; }; }
        edited() { # what somebody has written over ours is kept for him, the last of each path
          [ -f "$1" ] && [ ! -L "$1" ] && [ "$(stat -c %s "$1")" -le 1048576 ] || return 0
          ! grep -qsF "\"path\":\"$1\",\"sha256\":\"$(hash "$1")\"" $S/receipt.jsonl || return 0
          mkdir -p $S/edited; rm -f $S/edited/.provision-tmp; cp "$1" $S/edited/.provision-tmp; chmod 600 $S/edited/.provision-tmp
          mv -fT $S/edited/.provision-tmp "$S/edited/$(echo "$1" | tr / +)"; }
        spare() { # files of others that the removal of a package could take along
          find "$1" -xdev -type f 2> /dev/null | while read -r f; do known "$f" || copy kept "$f" ''; done; }
        label() { ! command -v restorecon > /dev/null || restorecon "$@"; } # SELinux's, by the host's own policy
        above() { [ -d "${1:-/}" ] || { above "${1%/*}"; note created "$1" '' ''; (umask 022; mkdir -p "$1"); label "$1"; }; }
        mode() { # path, mode, owner; what belongs to somebody else gets its own back in the end
          known "$1" || [ "$(stat -c '%a %U:%G' "$1")" = "$2 $3" ] || note mode "$1" '' "$(stat -c '%a %U:%G' "$1")"
          chown "$3" "$1"; chmod "$2" "$1"; }
        folder() { if [ -d "$1" ]; then mode "$@"; else above "$1"; chown "$3" "$1"; chmod "$2" "$1"; fi; }
        settle() { # temporary, target, mode, owner, sha256
          chown "$4" "$1"; chmod "$3" "$1"; keep "$2" "$5"; former "$2"; mv -fT "$1" "$2"; label "$2"; }
        former() { # the unit file by which a service was last started, until the next one has proven itself
          f=$S/former/${1##*/}
          case $1 in $U/*.service) ! spent "${1##*/}" || rm -f "$f"
            [ ! -f "$1" ] || [ -e "$f" ] || ! systemctl -q is-active "${1##*/}" \
            || ! grep -qsF "\"path\":\"$1\",\"sha256\":\"$(hash "$1")\"" $S/receipt.jsonl || { mkdir -p $S/former; cp -a "$1" "$f"; touch "$f"; };; esac; }
        spent() { [ "$S/stamps/$1" -nt "$S/former/$1" ]; } # a copy that a start which nobody saw through has left
        undo() { # unit: it did not become healthy by a new file
          [ -f "$S/former/$1" ] || return 0
          cp -a "$S/former/$1" "$U/.$1.provision-tmp"; mv -fT "$U/.$1.provision-tmp" "$U/$1"; label "$U/$1"; rm -f "$S/former/$1"
          systemctl daemon-reload; systemctl reset-failed "$1" 2> /dev/null || true
          if timeout 60 systemctl restart "$1" && lasts "$1" > /dev/null; then echo "put back: $1 runs by its former unit file again"
          else echo "put back: the former unit file of $1, by which it does not run either"; fi; }
        put() {
          p=$1 m=$2 o=$3 s=$4; shift 4; d=${p%/*} t=${p%/*}/.${p##*/}.provision-tmp
          above "$d"; rm -f "$t"; cat > "$t"
          [ "$(hash "$t")" = "$s" ] || { rm -f "$t"; echo "the content of $p arrived damaged"; return 1; }
          if [ $# -gt 0 ]; then "$@" "$t" 2>&1 || { rm -f "$t"; echo "$1 refuses the new $p; the old one stays"; return 1; }; fi
          settle "$t" "$p" "$m" "$o" "$s"; }
        held() { # target, mode, owner, sha256: content waits in a directory beside its target
          d=${1%/*} b=${1##*/}; w=$d/.${b%.*}.provision-tmp; mkdir -p -m 700 "$w"; cat > "$w/$b"
          [ "$(hash "$w/$b")" = "$4" ] || { rm -rf "$w"; echo "the content of $1 arrived damaged"; return 1; }
          chown "$3" "$w/$b"; chmod "$2" "$w/$b"; keep "$1" "$4"; }
        hold() { d=${1%/*} b=${1##*/}; rm -rf "$d/.${b%.*}.provision-tmp"; [ -d "$d" ] || (umask 022; mkdir -p "$d"); held "$@"; }
        trade() { # two names of directories change places in one system call, renameat2 with RENAME_EXCHANGE
          case $M in x86_64) n=316;; aarch64) n=276;; *) n=;; esac
          exch "$1" "$2" 2> /dev/null || mv --exchange -T "$1" "$2" 2> /dev/null \
            || { [ "$n" ] && perl -e 'exit(syscall(shift() + 0, -100, shift, -100, shift, 2) ? 1 : 0)' $n "$1" "$2" 2> /dev/null; }; }
        swap() { # directory, certificate, key: the directory's next generation, of links to its files and the new pair, takes its place
          g=${1%/*}/.${1##*/}.provision-tmp; rm -rf "$g"
          [ ! -L "$1" ] && cp -al "$1" "$g" 2> /dev/null && rm -rf "$g/${w##*/}" && mv -f "$3" "$2" "$g/" || { rm -rf "$g"; return 1; }
          trade "$g" "$1" || { mv -f "$g/${3##*/}" "$g/${2##*/}" "$1/"; rm -rf "$g"; return 0; }
          find "$g" -mindepth 1 -maxdepth 1 -not -name '.*.provision-tmp' -exec mv -n -t "$1" {} + 2> /dev/null || true # others' files of this moment
          rm -rf "$g"; }
        pair() { # certificate, mode, owner, sha256, key, its sha256: both change at once
          [ -d "${1%/*}" ] || (umask 022; mkdir -p "${1%/*}")
          held "$1" "$2" "$3" "$4"; k=$w/${5##*/}; for f in "$w/$b" "$k"; do [ ! -f "$f" ] || sync "$f" 2> /dev/null || true; done
          if [ -f "$k" ] && [ "$(hash "$k")" = "$6" ]; then swap "$d" "$w/$b" "$k" || mv -f "$k" "$w/$b" "$d/"; else mv -f "$w/$b" "$d/"; fi
          rm -rf "$w"; label "$1" "$5"; }
        receive() { # path, mode, sha256, size
          d=${1%/*} t=${1%/*}/.${1##*/}.provision-tmp; above "$d"; rm -f "$t"
          free=$(df -Pk "$d" | awk 'NR==2{print $4}'); [ "$free" -gt $(($4 / 1024 + 1024)) ] || { echo "$d has $free kB free, $1 needs $(($4 / 1024))"; return 1; }
          cat > "$t" || { rm -f "$t"; echo "$1 cannot be written"; return 1; }
          [ "$(stat -c %s "$t")" = "$4" ] && [ "$(hash "$t")" = "$3" ] || { rm -f "$t"; echo "$1 arrived damaged"; return 1; }
          settle "$t" "$1" "$2" root:root "$3"; proven "$1" "$3"; }
        proven() { # what was hashed on its way here is not read once more
          mkdir -p $S/hashes; echo "$(stat -c '%d:%i:%s:%y:%z' "$1" | tr ' ' _) $2" > "$S/hashes/$(echo "$1" | tr / +)"; }
        journal() { journalctl -u "$1" -n 20 --no-pager -o cat 2>/dev/null | tail -n 20; }
        enable_unit() {
          known "$1" || note unit "$1" '' "$(systemctl is-enabled "$1" 2> /dev/null) $(systemctl is-active "$1" 2> /dev/null)"
          systemctl daemon-reload; systemctl -q enable "$1"; }
        start_unit() { systemctl reset-failed "$1" 2> /dev/null || true; systemctl start $2 "$1" || { journal "$1"; return 1; }; [ "$2" ] || lasts "$1"; }
        restart_unit() {
          ! spent "$1" || rm -f "$S/former/$1"; systemctl reset-failed "$1" 2> /dev/null || true
          timeout 170 systemctl restart "$1" || { journal "$1"; undo "$1"; return 1; }; lasts "$1" || { undo "$1"; return 1; }; }
        reload_unit() { systemctl reload "$1" || { journal "$1"; return 1; }; lasts "$1"; }
        lasts() { # a unit that dies at once is not started
          i=0; while [ $i -lt 4 ]; do sleep 0.25; systemctl -q is-active "$1" || { echo "$1 did not stay up"; journal "$1"; return 1; }; i=$((i + 1)); done; }
        stamp() {
          mkdir -p $S/stamps
          echo "$2 $3 $(systemctl show -p InvocationID --value "$1")" > "$S/stamps/.$1.provision-tmp"; mv -f "$S/stamps/.$1.provision-tmp" "$S/stamps/$1"; }
        await() { # seconds, unit whose journal explains a failure, command
          e=$(($(date +%s) + $1)) u=$2; shift 2
          until out=$("$@" 2>&1); do
            [ "$(date +%s)" -lt $e ] || { echo "$out" | tail -n 8; [ "$u" = - ] || journal "$u"; return 1; }
            sleep 0.5
          done; }
        prove() { await "$@" || { undo "$2"; return 1; }; rm -f "$S/former/$2"; } # the same of a unit's own health
        """#
}
