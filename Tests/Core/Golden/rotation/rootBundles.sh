T=10s K=120
agree() {
  o=$(kc get namespaces --field-selector status.phase=Active -o 'jsonpath={.items[*].metadata.name}') || return 1
  [ -n "$o" ] || { echo "no namespace is listed"; return 1; }
  for n in $o; do
    h=$(kc -n $n get configmap kube-root-ca.crt -o 'jsonpath={.data.ca\.crt}' | sha256sum | cut -c1-64)
    [ $h = 00 ] || { echo "kube-root-ca.crt of $n is not the bundle"; return 1; }
  done; }
await 120 kube-controller-manager.service agree
