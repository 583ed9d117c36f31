e() { ETCDCTL_API=3 etcdctl --endpoints https://10.0.0.1:2379 --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/healthcheck-client.crt --key /etc/kubernetes/pki/etcd/healthcheck-client.key "$@"; }
e alarm list | sed 's/^/etcd /'
e member list | awk -F', ' '$6 == "true" { print "etcd " $3 " is a learner" }'
