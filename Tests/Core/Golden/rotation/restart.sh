T=30s
d=/run/provision/rollouts; rm -rf $d; mkdir -p -m 700 /run/provision $d; trap 'rm -rf $d' EXIT
list() { kc -n kube-system get deployments,daemonsets,statefulsets -l 'k8s-app!=kube-dns' -o 'jsonpath={range .items[*]}rollout|{.kind}|{.metadata.namespace}|{.metadata.name}|{.spec.template.metadata.annotations.provision/trust}|{.spec.paused}|{.spec.updateStrategy.type}|{.spec.updateStrategy.rollingUpdate.partition}|{.metadata.generation}|{.status.observedGeneration}|{.spec.replicas}{.status.desiredNumberScheduled}|{.status.updatedReplicas}{.status.updatedNumberScheduled}|{.status.readyReplicas}{.status.numberAvailable}|{.status.replicas}{"\n"}{end}' > $d/all; }
await 60 - list
while IFS='|' read -r x k n w m r; do
  [ "$m" != ca-1/trust-both/kubernetes-ca ] || continue
  kc -n "$n" patch "$k" "$w" --type merge -p '{"spec":{"template":{"metadata":{"annotations":{"provision/trust":"ca-1/trust-both/kubernetes-ca"}}}}}' > /dev/null || {
    o=$(kc -n "$n" get "$k" "$w" --ignore-not-found -o name); [ -z "$o" ]; }
done < $d/all
