/// The shell functions that a teardown's steps call, beside the prelude's.
///
/// A step that cannot do its part prints `left SUBJECT|WHY` and goes on: what is left is counted at the end.
enum TeardownPrelude {
    static let text = #"""
        R=$S/receipt.jsonl
        left() { echo "left $1|$2"; }
        mounted() { awk -v d="$1" '$5 == d || index($5, d "/") == 1 {print $5}' /proc/self/mountinfo; }
        straight() { # its directory is reached without a symbolic link
          [ ! -d "${1%/*}" ] || [ "$(readlink -f "${1%/*}/.")" = "${1%/*}" ] || { left "$1" "lies behind a symbolic link, which is not followed"; return 1; }; }
        drop() {
          straight "$1" || return 0
          if [ -d "$1" ] && [ ! -L "$1" ]; then left "$1" "is a directory now"; return 0; fi
          m=$(rm -f -- "$1" 2>&1) || left "$1" "$m"; }
        tree() { # all below it, on its own file system, when nothing is mounted there
          [ -e "$1" ] || [ -L "$1" ] || return 0
          straight "$1" || return 0
          if [ -L "$1" ]; then left "$1" "is a symbolic link, which is not followed"; return 0; fi
          m=$(mounted "$1"); [ -z "$m" ] || { left "$1" "is mounted upon: $(echo $m)"; return 0; }
          m=$(rm -rf --one-file-system -- "$1" 2>&1) || left "$1" "$m"; }
        hollow() { # all in it; the directory, which was there before, stays
          straight "$1" || return 0
          m=$(mounted "$1" | grep -vxF "$1") && { left "$1" "is mounted upon: $(echo $m)"; return 0; }
          m=$(find "$1" -xdev -mindepth 1 -maxdepth 1 -not -name lost+found -exec rm -rf --one-file-system -- {} + 2>&1) || left "$1" "$m"; }
        shut() { straight "$1" || return 0; [ ! -d "$1" ] || [ -L "$1" ] || rmdir -- "$1" 2> /dev/null || true; }
        forget() { { grep -vF "\"path\":\"$1\"" $R || true; } > $R.provision-tmp; mv -f $R.provision-tmp $R; }
        back() { # path, copy
          straight "$1" || return 0
          t=${1%/*}/.${1##*/}.provision-tmp; [ -d "${1%/*}" ] || (umask 022; mkdir -p "${1%/*}")
          rm -rf "$t"; cp -a "$2" "$t" && mv -fT "$t" "$1" || { left "$1" "cannot be put back from $2"; return 0; }
          forget "$1"; rm -rf "$2"; }
        loose() { # a mount point
          m=$(umount -- "$1" 2>&1) || ! mounted "$1" | grep -qxF "$1" || left "$1" "$m"; }
        halt() {
          timeout 60 systemctl stop "$1" 2> /dev/null || systemctl kill -s KILL "$1" 2> /dev/null || true
          systemctl -q disable "$1" 2> /dev/null || true; systemctl reset-failed "$1" 2> /dev/null || true; }
        reap() { # programs; their processes, and those of pods
          i=0; while [ $i -lt 40 ]; do
            p=$(set +f; ls -l /proc/[0-9]*/exe 2> /dev/null | awk -v l=" $* " 'index(l, " " $11 " ") {split($9, p, "/"); print p[3]}'
              grep -ls kubepods /proc/[0-9]*/cgroup | cut -d/ -f3)
            [ -n "$p" ] || return 0
            kill -9 $p 2> /dev/null || true; sleep 0.25; i=$((i + 1)); done
          left "processes" "do not end: $(echo $p)"; }
        """#
}
