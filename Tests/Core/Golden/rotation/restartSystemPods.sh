T=30s
for w in $(kc -n kube-system get deployments,daemonsets,statefulsets -o name); do
  kc -n kube-system rollout restart $w
done
for w in $(kc -n kube-system get deployments,daemonsets,statefulsets -o name); do
  T=0; kc -n kube-system rollout status --timeout=180s $w
done
