T=30s
tokens() {
  kc get secrets --all-namespaces --field-selector type=kubernetes.io/service-account-token -o 'jsonpath={range .items[*]}{.metadata.namespace} {.metadata.name} {.metadata.annotations.kubernetes\.io/service-account\.name} {.data.token}{"\n"}{end}' |
  while read -r n s a t; do if [ -n "$t" ]; then echo "$n $s $a $(echo "$t" | base64 -d | cut -d. -f1)"; fi; done; }
d=/run/provision/tokens; rm -rf $d; mkdir -m 700 $d; trap 'rm -rf $d' EXIT; : > $d/made; : > $d/hand
tokens > $d/all
awk -v h=h -v d=$d '$4 == h { next } { p = $3 "-token-" }
index($2, p) == 1 && length($2) == length(p) + 5 { print $1, $3 | "sort -u > " d "/made"; next } { print $1, $2, $3 > (d "/hand") }' $d/all
[ -s $d/made ] || [ -s $d/hand ] || { echo "every token Secret is signed by the new key"; exit 0; }
while read -r n a; do printf 'apiVersion: v1\nkind: Secret\ntype: kubernetes.io/service-account-token\nmetadata:\n  namespace: %s\n  name: %s\n  annotations:\n    kubernetes.io/service-account.name: %s\n---\n' $n $a-token-aaa94 $a; done < $d/made > $d/new
[ ! -s $d/new ] || kc apply -f $d/new > /dev/null
while read -r n s a; do kc -n $n patch secret $s --type json -p '[{"op":"remove","path":"/data/token"}]' > /dev/null; done < $d/hand
filled() {
  tokens > $d/all
  while read -r n a; do grep -q "^$n $a-token-aaa94 $a h$" $d/all || { echo "no token for $n/$a"; return 1; }; done < $d/made
  while read -r n s a; do grep -q "^$n $s $a h$" $d/all || { echo "no new token in $n/$s"; return 1; }; done < $d/hand; }
await 120 kube-controller-manager.service filled
while read -r n a; do
  l='{"name":"'$a-token-aaa94'"}'
  for s in $(kc -n $n get serviceaccount $a -o 'jsonpath={.secrets[*].name}'); do
    case $s in "$a"-token-?????) ;; *) l="$l,{\"name\":\"$s\"}";; esac
  done
  kc -n $n patch serviceaccount $a --type merge -p "{\"secrets\":[$l]}" > /dev/null
done < $d/made
echo "$(wc -l < $d/made) accounts have a new one, $(wc -l < $d/hand) that people made were filled again"
