T=30s
for n in $(kc get namespaces -o 'jsonpath={.items[*].metadata.name}'); do
  [ $n != kube-system ] || continue
  for w in $(kc -n $n get deployments,daemonsets,statefulsets -o name); do
    kc -n $n rollout restart $w > /dev/null
    T=0 K=200; kc -n $n rollout status --timeout=180s $w > /dev/null; T=30s
    echo "restarted $n/${w#*/}"
  done
done
