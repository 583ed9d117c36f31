T=30s
prints() { awk '/-----BEGIN CERT/ { b = ""; i = 1; next } /-----END CERT/ { print b; i = 0 } i { gsub(/[ \t\r]/, ""); b = b $0 }' | while read -r b; do printf %s "$b" | sha256sum | cut -c1-64; done; }
holds() { for x in $2; do case " $1 " in *" $x "*) return 0;; esac; done; return 1; }
d=/run/provision/bundles; rm -rf $d; mkdir -p -m 700 /run/provision $d; trap 'rm -rf $d' EXIT
bundles() {
  kc get validatingwebhookconfigurations,mutatingwebhookconfigurations -o 'jsonpath={range .items[*]}{.kind}/{.metadata.name}{range .webhooks[*]} {.clientConfig.caBundle}{end}{"\n"}{end}'
  kc get apiservices -o 'jsonpath={range .items[*]}APIService/{.metadata.name} {.spec.caBundle}{"\n"}{end}'
  kc get customresourcedefinitions -o 'jsonpath={range .items[*]}CustomResourceDefinition/{.metadata.name} {.spec.conversion.webhook.clientConfig.caBundle}{"\n"}{end}'
  c=$(kc -n kube-public get configmap cluster-info --ignore-not-found -o 'jsonpath={.data.kubeconfig}')
  echo "ConfigMap/kube-public/cluster-info $(printf '%s\n' "$c" | sed -n 's/^ *certificate-authority-data: *//p')"; }
bundles > $d/all
while read -r o l; do
  h=; for b in $l; do h="$h $(echo "$b" | base64 -d 2> /dev/null | prints | tr '\n' ' ')"; done
  holds "$h" "aa" || continue
  holds "$h" "bb" || echo "object $o"
done < $d/all
