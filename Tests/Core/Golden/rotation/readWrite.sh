t=$(date +%s%N)
kc -n kube-system create configmap provision-gate --from-literal=at=$t --dry-run=client -o yaml | kc apply -f - > /dev/null
[ "$(kc -n kube-system get configmap provision-gate -o 'jsonpath={.data.at}')" = $t ]
