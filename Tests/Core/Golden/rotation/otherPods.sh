T=30s
kc get deployments,daemonsets,statefulsets,pods --all-namespaces -o 'jsonpath={range .items[*]}{.kind} {.metadata.namespace}/{.metadata.name} {.metadata.ownerReferences[*].kind}{"\n"}{end}' | awk 'NF == 2 && $2 !~ "^kube-system/"'
