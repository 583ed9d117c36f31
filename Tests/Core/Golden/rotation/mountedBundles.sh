cd /var/lib/kubelet/pods
prints() { awk '/-----BEGIN CERT/ { b = ""; i = 1; next } /-----END CERT/ { print b; i = 0 } i { gsub(/[ \t\r]/, ""); b = b $0 }' | while read -r b; do printf %s "$b" | sha256sum | cut -c1-64; done; }
holds() { for x in $2; do case " $1 " in *" $x "*) return 0;; esac; done; return 1; }
stale() {
  s=0; for f in $(find . -mindepth 5 -maxdepth 5 -name ca.crt 2> /dev/null); do
    h=$(prints < "$f" 2> /dev/null | tr '\n' ' '); u=${f#./}
    holds "$h" "aa bb cc" || continue
    for w in aa bb; do holds "$h" $w || { echo "pod ${u%%/*}"; s=1; continue 2; }; done
    ! holds "$h" "cc" || { echo "pod ${u%%/*}"; s=1; }
  done; return $s; }
e=$(($(date +%s) + 180))
until o=$(stale); do [ "$(date +%s)" -lt $e ] || break; sleep 3; done
echo "$o"
