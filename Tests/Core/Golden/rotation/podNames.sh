T=30s
kc get pods --all-namespaces -o 'jsonpath={range .items[*]}{.metadata.uid} {.metadata.namespace}/{.metadata.name}{"\n"}{end}'
