T=30s
d=/run/provision/tokens; rm -rf $d; mkdir -p -m 700 /run/provision $d; trap 'rm -rf $d' EXIT
tokens() {
  kc get secrets --all-namespaces --field-selector type=kubernetes.io/service-account-token -o 'jsonpath={range .items[*]}{.metadata.namespace} {.metadata.name} {.metadata.annotations.kubernetes\.io/service-account\.name} {.data.token}{"\n"}{end}' > $d/raw || return 1
  while read -r n s a t; do if [ -n "$t" ]; then echo "$n $s $a $(echo "$t" | base64 -d | cut -d. -f1)"; fi; done < $d/raw > $d/all
  : > $d/raw; }
tokens
awk -v h=h '$4 != h { p = $3 "-token-"; r = substr($2, length(p) + 1)
if (index($2, p) == 1 && r ~ /^([bcdfghjklmnpqrstvwxz2456789][bcdfghjklmnpqrstvwxz2456789][bcdfghjklmnpqrstvwxz2456789][bcdfghjklmnpqrstvwxz2456789][bcdfghjklmnpqrstvwxz2456789]|[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f])$/) print $1, $3, $2 }' $d/all > $d/made
awk -v h=h -v m=$d/made 'BEGIN { while ((getline l < m) > 0) { split(l, x, " "); o[x[1] " " x[3]] = 1 } } $4 != h && !(($1 " " $2) in o) { print $1, $2, $3 }' $d/all > $d/hand
[ ! -s $d/hand ] || { echo "still of the old key: $(head -n 5 $d/hand | awk '{ print $1 "/" $2 }' | tr '\n' ' ')"; exit 1; }
while read -r n a s; do kc -n $n delete secret $s --wait=false > /dev/null; done < $d/made
