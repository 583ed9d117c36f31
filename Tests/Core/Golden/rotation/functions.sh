T=10s K=20
answers() { q=$1; shift; if o=$("$@" 2>&1); then echo "yes $q"; else echo "no $q: $(echo "$o" | tail -n 1 | cut -c1-200)"; fi; }
d=/run/provision/functions; rm -rf $d; mkdir -p -m 700 /run/provision $d; trap 'rm -rf $d' EXIT
signed() {
  r=$(printf '{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"expirationSeconds":600}}' | kc create --raw /api/v1/namespaces/kube-system/serviceaccounts/default/token -f -) || return 1
  r=${r#*\"token\":\"}; r=${r%%.*}; [ "$r" = h ] || { echo "another key signed it: $r"; return 1; }; }
answers "a new token" signed
kc -n kube-system get pods -l k8s-app=kube-dns --field-selector status.phase=Running -o 'jsonpath={range .items[*]}{.spec.nodeName} {.metadata.name}{"\n"}{end}' > $d/all
awk '!s[$1]++' $d/all | head -n 5 > $d/pods
logs() { while read -r x p; do kc -n kube-system logs $p --all-containers --tail 1 > /dev/null || return 1; done < $d/pods; }
[ ! -s $d/pods ] || answers "logs of pods" logs
kc get apiservices -o 'jsonpath={range .items[*]}{.spec.service.name}|{.metadata.name}|{.spec.group}/{.spec.version}|{.status.conditions[?(@.type=="Available")].status}{"\n"}{end}' > $d/apis
served() { [ "$2" = True ] || { echo "it is not Available"; return 1; }; kc get --raw /apis/$1 > /dev/null; }
while IFS='|' read -r s n p a; do [ -z "$s" ] || answers "APIService $n" served "$p" "$a"; done < $d/apis
admitted() {
  p=$(printf '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"provision-gate"},"spec":{"containers":[{"name":"gate","image":"provision.local/gate"}]}}' | kc create --raw '/api/v1/namespaces/default/pods?dryRun=All' -f - 2>&1 > /dev/null) && return 0
  case $p in *"failed calling webhook"*) ;; *"denied the request"*|*"is forbidden"*|*"exceeded quota"*) return 0 ;; esac
  echo "$p"; return 1; }
w=$(kc get validatingwebhookconfigurations,mutatingwebhookconfigurations -o name)
[ -z "$w" ] || answers "admission of a pod" admitted
