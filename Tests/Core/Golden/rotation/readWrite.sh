t=$(date +%s%N)
o=$(kc -n kube-system get configmap provision-gate --ignore-not-found -o name)
w=; [ -n "$o" ] || w=$(kc -n kube-system create configmap provision-gate 2>&1) || true # or another one did
kc -n kube-system patch configmap provision-gate --type merge -p '{"data":{"server-0":"'$t'"}}' > /dev/null || { echo "$w"; false; }
[ "$(kc -n kube-system get configmap provision-gate -o 'jsonpath={.data.server-0}')" = $t ]
