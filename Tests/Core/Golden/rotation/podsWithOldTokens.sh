T=30s
tokens() {
  kc get secrets --all-namespaces --field-selector type=kubernetes.io/service-account-token -o 'jsonpath={range .items[*]}{.metadata.namespace} {.metadata.name} {.metadata.annotations.kubernetes\.io/service-account\.name} {.data.token}{"\n"}{end}' |
  while read -r n s a t; do if [ -n "$t" ]; then echo "$n $s $a $(echo "$t" | base64 -d | cut -d. -f1)"; fi; done; }
tokens | awk -v h=h '$4 != h { print $1 "/" $2 }' | sort -u > /run/provision/old; trap 'rm -f /run/provision/old' EXIT
kc get pods --all-namespaces -o 'jsonpath={range .items[*]}{.metadata.namespace} {.metadata.name} {.spec.volumes[*].secret.secretName}{"\n"}{end}' |
while read -r n p v; do for s in $v; do grep -qxF "$n/$s" /run/provision/old && echo "pod $n/$p"; done; done | sort -u
