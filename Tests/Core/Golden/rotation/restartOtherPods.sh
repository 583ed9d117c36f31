T=30s
o=$(kc get namespaces -o 'jsonpath={.items[*].metadata.name}')
for n in $o; do
  [ $n != kube-system ] || continue
  l=$(kc -n $n get deployments,daemonsets,statefulsets -o name)
  for w in $l; do
    kc -n $n rollout restart $w > /dev/null
    T=0 K=200; kc -n $n rollout status --timeout=180s $w > /dev/null; T=30s
    echo "restarted $n/${w#*/}"
  done
done
