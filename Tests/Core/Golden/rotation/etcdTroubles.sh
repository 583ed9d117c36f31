e() { ETCDCTL_API=3 etcdctl --endpoints https://10.0.0.1:2379 --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/healthcheck-client.crt --key /etc/kubernetes/pki/etcd/healthcheck-client.key --dial-timeout 10s --command-timeout 60s "$@"; }
a=$(e alarm list)
m=$(e member list)
[ -z "$a" ] || echo "$a" | sed 's/^/etcd /'
echo "$m" | awk -F', ' '$6 == "true" { print "etcd " $3 " is a learner" }'
