e() { ETCDCTL_API=3 etcdctl --endpoints https://10.0.0.1:2379 --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/healthcheck-client.crt --key /etc/kubernetes/pki/etcd/healthcheck-client.key "$@"; }
n=$(e get /registry/secrets/ --prefix --keys-only | grep -c '^/registry/secrets/' || true)
m=$(e get /registry/secrets/ --prefix --print-value-only | grep -ac 'k8s:enc:secretbox:v1:key2:' || true)
o=$(e get /registry/secrets/ --prefix --print-value-only | grep -a 'k8s:enc:' | grep -avc 'k8s:enc:secretbox:v1:key2:' || true)
echo "$n secrets, $m under key2, $o under another key"; [ $o = 0 ] && [ $m -ge $n ]
