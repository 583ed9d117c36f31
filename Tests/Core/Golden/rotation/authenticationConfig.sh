T=10s K=120
prints() { awk '/-----BEGIN CERT/ { b = ""; i = 1; next } /-----END CERT/ { print b; i = 0 } i { gsub(/[ \t\r]/, ""); b = b $0 }' | while read -r b; do printf %s "$b" | sha256sum | cut -c1-64; done; }
holds() { for x in $2; do case " $1 " in *" $x "*) return 0;; esac; done; return 1; }
told() {
  for k in client-ca-file requestheader-client-ca-file; do
    h=$(kc -n kube-system get configmap extension-apiserver-authentication -o "jsonpath={.data.$k}" | prints | tr '\n' ' ')
    [ $k = client-ca-file ] && w="aa bb" || w="cc"
    for x in $w; do holds "$h" $x || { echo "extension-apiserver-authentication does not hold every authority in $k"; return 1; }; done
  done; }
await 120 - told
