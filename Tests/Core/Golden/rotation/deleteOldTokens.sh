T=30s
d=/run/provision/tokens; rm -rf $d; mkdir -p -m 700 /run/provision $d; trap 'rm -rf $d' EXIT
tokens() {
  kc get secrets --all-namespaces --field-selector type=kubernetes.io/service-account-token -o 'jsonpath={range .items[*]}{.metadata.namespace}|{.metadata.name}|{.metadata.annotations.kubernetes\.io/service-account\.name}|{.metadata.annotations.provision/replaced-by}|{.data.token}{"\n"}{end}' > $d/raw || return 1
  while IFS='|' read -r n s a r t; do
    [ -n "$t" ] || continue
    echo "$n $s $a $(echo "$t" | base64 -d | cut -d. -f1)"; [ -z "$r" ] || echo "$n $s" >&3
  done < $d/raw > $d/all 3> $d/replaced
  : > $d/raw; }
tokens
kc get serviceaccounts --all-namespaces -o 'jsonpath={range .items[*]}{.metadata.namespace} {.metadata.name} {.secrets[*].name}{"\n"}{end}' > $d/listed
cut -d' ' -f4 $d/all | sort -u | while read -r t; do echo "$t $(printf %s "$t" | sha256sum | cut -c1-5)"; done > $d/ends
: > $d/made; : > $d/hand
awk -v h=h -v d=$d 'BEGIN {
  while ((getline < (d "/replaced")) > 0) replaced[$1 " " $2]
  while ((getline < (d "/listed")) > 0) for (i = 3; i <= NF; i++) listed[$1 " " $2 " " $i]
  while ((getline < (d "/ends")) > 0) end[$1] = $2 }
$4 == h { next }
{ p = $3 "-token-"; r = substr($2, length(p) + 1)
  named = index($2, p) == 1 && (r ~ /^[bcdfghjklmnpqrstvwxz2456789][bcdfghjklmnpqrstvwxz2456789][bcdfghjklmnpqrstvwxz2456789][bcdfghjklmnpqrstvwxz2456789][bcdfghjklmnpqrstvwxz2456789]$/ || r == end[$4])
  if (($1 " " $2) in replaced || named && ($1 " " $3 " " $2) in listed) print $1, $3, $2 > (d "/made")
  else print $1, $2, $3 > (d "/hand") }' $d/all
[ ! -s $d/hand ] || { echo "still of the old key: $(head -n 5 $d/hand | awk '{ print $1 "/" $2 }' | tr '\n' ' ')"; exit 1; }
while read -r n a s; do kc -n $n delete secret $s --wait=false > /dev/null; done < $d/made
