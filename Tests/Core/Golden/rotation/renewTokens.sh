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
[ -s $d/made ] || [ -s $d/hand ] || { echo "every token Secret is signed by the new key"; exit 0; }
awk '{ print $1, $2 }' $d/made | sort -u > $d/accounts
while read -r n a; do printf 'apiVersion: v1\nkind: Secret\ntype: kubernetes.io/service-account-token\nmetadata:\n  namespace: "%s"\n  name: "%s"\n  annotations:\n    kubernetes.io/service-account.name: "%s"\n---\n' $n $a-token-aaa94 $a; done < $d/accounts > $d/new
[ ! -s $d/new ] || kc apply -f $d/new > /dev/null
while read -r n s a; do kc -n $n patch secret $s --type json -p '[{"op":"remove","path":"/data/token"}]' > /dev/null; done < $d/hand
filled() {
  tokens || return 1
  while read -r n a; do grep -q "^$n $a-token-aaa94 $a h$" $d/all || { echo "no token for $n/$a"; return 1; }; done < $d/accounts
  while read -r n s a; do grep -q "^$n $s $a h$" $d/all || { echo "no new token in $n/$s"; return 1; }; done < $d/hand; }
await 120 kube-controller-manager.service filled
awk '{ l[$1] = l[$1] " " $3 } END { for (n in l) print n l[n] }' $d/made > $d/marks
while read -r n l; do kc -n $n annotate secrets $l --overwrite provision/replaced-by=aaa94 > /dev/null; done < $d/marks
while read -r n a; do
  o=$(kc -n $n get serviceaccount $a -o 'jsonpath={.secrets[*].name}'); l='{"name":"'$a-token-aaa94'"}'
  for s in $o; do
    grep -qxF "$n $a $s" $d/made || [ $s = $a-token-aaa94 ] || l="$l,{\"name\":\"$s\"}"
  done
  kc -n $n patch serviceaccount $a --type merge -p "{\"secrets\":[$l]}" > /dev/null
done < $d/accounts
echo "$(wc -l < $d/accounts) accounts have a new one, $(wc -l < $d/hand) that people made were filled again"
