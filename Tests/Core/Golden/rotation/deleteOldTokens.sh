T=30s
tokens() {
  kc get secrets --all-namespaces --field-selector type=kubernetes.io/service-account-token -o 'jsonpath={range .items[*]}{.metadata.namespace} {.metadata.name} {.metadata.annotations.kubernetes\.io/service-account\.name} {.data.token}{"\n"}{end}' |
  while read -r n s a t; do if [ -n "$t" ]; then echo "$n $s $a $(echo "$t" | base64 -d | cut -d. -f1)"; fi; done; }
tokens | awk -v h=h '$4 != h { print $1, $2 }' | while read -r n s; do kc -n $n delete secret $s --wait=false > /dev/null; done
