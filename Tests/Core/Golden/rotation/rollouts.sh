T=30s
d=/run/provision/rollouts; rm -rf $d; mkdir -p -m 700 /run/provision $d; trap 'rm -rf $d' EXIT
list() { kc get deployments,daemonsets,statefulsets --all-namespaces -o 'jsonpath={range .items[*]}rollout|{.kind}|{.metadata.namespace}|{.metadata.name}|{.spec.template.metadata.annotations.provision/trust}|{.spec.paused}|{.spec.updateStrategy.type}|{.spec.updateStrategy.rollingUpdate.partition}|{.metadata.generation}|{.status.observedGeneration}|{.spec.replicas}{.status.desiredNumberScheduled}|{.status.updatedReplicas}{.status.updatedNumberScheduled}|{.status.readyReplicas}{.status.numberAvailable}|{.status.replicas}{"\n"}{end}' > $d/all; }
await 60 - list
cat $d/all
