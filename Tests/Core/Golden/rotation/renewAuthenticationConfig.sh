T=10s K=120
kc -n kube-system patch configmap extension-apiserver-authentication --type merge -p '{"data":{"client-ca-file":null,"requestheader-client-ca-file":null}}'
back() { [ "$(kc -n kube-system get configmap extension-apiserver-authentication -o 'jsonpath={.data.requestheader-client-ca-file}{.data.client-ca-file}' | grep -c BEGIN)" -ge 2 ]; }
await 120 - back
