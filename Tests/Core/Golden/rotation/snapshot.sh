e() { ETCDCTL_API=3 etcdctl --endpoints https://10.0.0.1:2379 --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/healthcheck-client.crt --key /etc/kubernetes/pki/etcd/healthcheck-client.key "$@"; }
d=$S/snapshots; mkdir -p $d; chmod 700 $d; f=$d/n.db
e snapshot save $f > /dev/null
ETCDCTL_API=3 etcdctl snapshot status $f; echo "$f"
