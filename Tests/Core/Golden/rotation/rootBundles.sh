T=10s K=120
agree() {
  for n in $(kc get namespaces -o 'jsonpath={.items[*].metadata.name}'); do
    h=$(kc -n $n get configmap kube-root-ca.crt -o 'jsonpath={.data.ca\.crt}' | sha256sum | cut -c1-64)
    [ $h = 00 ] || { echo "kube-root-ca.crt of $n is not the bundle"; return 1; }
  done; }
await 120 kube-controller-manager.service agree
