T=60s K=300
d=/run/provision/secrets; rm -rf $d; mkdir -p -m 700 /run/provision $d; trap 'rm -rf $d' EXIT
kc get secrets --all-namespaces -o 'jsonpath={range .items[*]}{.metadata.namespace}{"\n"}{end}' > $d/all
sort $d/all | uniq -c | while read -r c n; do echo "secrets $n $c"; done
