t=$(date +%s%N)
o=$(kc -n kube-system get configmap provision-gate --ignore-not-found -o name)
[ -n "$o" ] || kc -n kube-system create configmap provision-gate > /dev/null 2>&1 || true # or another one did
kc -n kube-system patch configmap provision-gate --type merge -p '{"data":{"server-0":"'$t'"}}' > /dev/null
[ "$(kc -n kube-system get configmap provision-gate -o 'jsonpath={.data.server-0}')" = $t ]
