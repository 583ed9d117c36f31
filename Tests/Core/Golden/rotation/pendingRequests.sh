T=30s
kc get certificatesigningrequests -o 'jsonpath={range .items[*]}{.metadata.name} {.status.conditions[*].type}{"\n"}{end}' | awk 'NF == 1 { print "request " $1 }'
