for l in k8s-app=kube-dns 'k8s-app!=kube-dns'; do
  T=30s; o=$(kc -n kube-system get deployments,daemonsets,statefulsets -l "$l" -o name)
  for w in $o; do kc -n kube-system rollout restart $w; done
  for w in $o; do T=0 K=200; kc -n kube-system rollout status --timeout=180s $w; done
done
