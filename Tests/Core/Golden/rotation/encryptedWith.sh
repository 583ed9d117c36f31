e() { ETCDCTL_API=3 etcdctl --endpoints https://10.0.0.1:2379 --cacert /etc/kubernetes/pki/etcd/ca.crt --cert /etc/kubernetes/pki/etcd/healthcheck-client.crt --key /etc/kubernetes/pki/etcd/healthcheck-client.key --dial-timeout 10s --command-timeout 60s "$@"; }
n=0 m=0 o= k=/registry/secrets/ more=true
while [ $more = true ]; do
  p=$(e get "$k" /registry/secrets0 --limit 200 -w fields | sed -n 's/^"Key" : "\([^"]*\)"$/key \1/p; s/^"Value" : "\(.\{0,99\}\).*/value \1/p; s/^"More" : /more /p' | awk -v k="$k" -v p='value k8s:enc:secretbox:v1:key2:' '
    $1 == "key" { s = $2 }
    $1 == "value" && s != k { n++; if (index($0, p) == 1) m++; else if (n - m < 4) o = o " " s }
    $1 == "more" { more = $2 }
    END { if (more == "") exit 1; print n + 0, m + 0, more, s, o }') || { echo "the answer of etcd has no end"; exit 1; }
  read -r a b more k w <<P
$p
P
  n=$((n + a)) m=$((m + b)); [ "$o" ] || o=$w
done
echo "$n secrets, $m under key2"; [ $m = $n ] || { echo "not under it: $o"; exit 1; }
