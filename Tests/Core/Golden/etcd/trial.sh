set -eu; umask 077; export ETCDCTL_API=3 LC_ALL=C
d='/tmp/a dir' p=
clean() { s=$?; trap - EXIT HUP INT TERM PIPE; [ -z "$p" ] || { kill "$p" 2> /dev/null || true; i=0
while kill -0 "$p" 2> /dev/null && [ $i -lt 20 ]; do sleep 0.1; i=$((i + 1)); done; kill -9 "$p" 2> /dev/null || true; }
rm -rf "$d"; exit $s; }
trap clean EXIT; trap 'exit 1' HUP INT TERM PIPE
ec() { /c/etcdctl --endpoints https://127.0.0.1:23790 --cacert /t/ca.crt --cert /t/leaf.crt --key /t/leaf.key "$@"; }
s=$(/c/etcdctl snapshot status /tmp/etcd.db -w json); echo "file $s"
/c/etcdctl snapshot restore /tmp/etcd.db --name trial --initial-cluster trial=http://127.0.0.1:23800 \
  --initial-advertise-peer-urls http://127.0.0.1:23800 --data-dir "$d/data" > "$d/log" 2>&1 || { tail -n 5 "$d/log"; exit 1; }
/c/etcd --name trial --data-dir "$d/data" --listen-client-urls https://127.0.0.1:23790 --advertise-client-urls https://127.0.0.1:23790 \
  --listen-peer-urls http://127.0.0.1:23800 --initial-advertise-peer-urls http://127.0.0.1:23800 --initial-cluster trial=http://127.0.0.1:23800 \
  --client-cert-auth --trusted-ca-file /t/ca.crt --cert-file /t/leaf.crt --key-file /t/leaf.key \
  --logger zap --log-outputs stderr > "$d/log" 2>&1 &
p=$!; i=0
until ec --command-timeout 2s endpoint health > "$d/health" 2>&1; do
kill -0 "$p" 2> /dev/null && [ $i -lt 150 ] || { cat "$d/health"; tail -n 5 "$d/log"; exit 1; }; sleep 0.2; i=$((i + 1)); done
s=$(ec endpoint status -w json); echo "status $s"
s=$(ec get "" --prefix --keys-only | grep -c . || true); echo "keys $s"
s=$(ec get /registry/secrets/ --prefix --limit 200 -w json); echo "secrets $s"
ec --command-timeout 60s get /registry/secrets/ --prefix -w fields > "$d/values"
grep -o '^"Value" : "k8s:enc:[a-z]*:v[0-9]*:[^:]*:' "$d/values" | cut -c12- | sort | uniq -c | while read -r n k; do echo "use $n $k"; done
echo complete
