## stop
[ -e /etc/provision/cluster ] || { echo "nothing of a cluster is here yet"; exit 0; }
c=$(cut -d' ' -f1 /etc/provision/cluster 2> /dev/null) || c=
[ "$c" = 7f3c1f0e-0000-4000-8000-000000000001 ] || { echo "it belongs to the cluster ${c:-without a mark}, not to this one"; exit 8; }
for u in kubelet.service kube-proxy.service kube-scheduler.service kube-controller-manager.service; do
systemctl cat $u > /dev/null 2>&1 || continue
case $(systemctl is-active $u) in active | activating | reloading) echo "stopped $u";; esac
timeout 60 systemctl stop $u || systemctl kill -s KILL $u || true
systemctl reset-failed $u 2> /dev/null || true
! systemctl -q is-active $u || { echo "$u does not stop"; exit 1; }
done
[ -e /etc/provision/cluster ] || { echo "nothing of a cluster is here yet"; exit 0; }
c=$(cut -d' ' -f1 /etc/provision/cluster 2> /dev/null) || c=
[ "$c" = 7f3c1f0e-0000-4000-8000-000000000001 ] || { echo "it belongs to the cluster ${c:-without a mark}, not to this one"; exit 8; }
for u in kube-apiserver.service; do
systemctl cat $u > /dev/null 2>&1 || continue
case $(systemctl is-active $u) in active | activating | reloading) echo "stopped $u";; esac
timeout 60 systemctl stop $u || systemctl kill -s KILL $u || true
systemctl reset-failed $u 2> /dev/null || true
! systemctl -q is-active $u || { echo "$u does not stop"; exit 1; }
done
[ -e /etc/provision/cluster ] || { echo "nothing of a cluster is here yet"; exit 0; }
c=$(cut -d' ' -f1 /etc/provision/cluster 2> /dev/null) || c=
[ "$c" = 7f3c1f0e-0000-4000-8000-000000000001 ] || { echo "it belongs to the cluster ${c:-without a mark}, not to this one"; exit 8; }
for u in etcd.service; do
systemctl cat $u > /dev/null 2>&1 || continue
case $(systemctl is-active $u) in active | activating | reloading) echo "stopped $u";; esac
timeout 60 systemctl stop $u || systemctl kill -s KILL $u || true
systemctl reset-failed $u 2> /dev/null || true
! systemctl -q is-active $u || { echo "$u does not stop"; exit 1; }
done

## send
d=$S/snapshots; mkdir -p $d; chmod 700 $d; rm -f /var/lib/provision/snapshots/restore-20261125T024000Z.db
free=$(df -Pk $d | awk 'NR==2{print $4}'); [ "$free" -gt 10280 ] || { echo "$d has $free kB free, the snapshot needs 20 twice"; exit 1; }
cat > /var/lib/provision/snapshots/restore-20261125T024000Z.db; [ "$(hash /var/lib/provision/snapshots/restore-20261125T024000Z.db)" = aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa ] || { rm -f /var/lib/provision/snapshots/restore-20261125T024000Z.db; echo "the snapshot arrived damaged"; exit 1; }

## prepare
c=$(cut -d' ' -f1 /etc/provision/cluster 2> /dev/null) || c=
[ "$c" = 7f3c1f0e-0000-4000-8000-000000000001 ] || { echo "it belongs to the cluster ${c:-without a mark}, not to this one"; exit 8; }
export ETCDCTL_API=3; eu() { timeout 120 $(command -v etcdutl || command -v etcdctl) "$@"; }
D=/var/lib/etcd N=/var/lib/etcd/.restore-20261125T024000Z.provision-tmp
mkdir -p "$D"; find "$D/" -mindepth 1 -maxdepth 1 -name '.restore-*.provision-tmp' -exec rm -rf {} +
set -- snapshot restore /var/lib/provision/snapshots/restore-20261125T024000Z.db --name controller-0 --initial-cluster 'controller-0=https://192.168.2.2:2380,controller-1=https://192.168.2.3:2380,controller-2=https://192.168.2.4:2380'
set -- "$@" --initial-cluster-token kubernetes-the-hard-way-7f3c1f0e-20261125T024000Z --initial-advertise-peer-urls https://192.168.2.2:2380 --data-dir "$N"
if eu snapshot restore --help 2>&1 | grep -q -e --bump-revision; then set -- "$@" --bump-revision 1000000000 --mark-compacted; echo bumped; fi
o=$(eu "$@" 2>&1) || { echo "$o" | tail -n 4; rm -rf "$N"; exit 1; }
chown -R etcd:etcd "$N"; chmod -R u=rwX,go= "$N"
[ -d "$N/member" ] || { echo "etcdctl made no $N/member"; exit 1; }

## prepare from a file
c=$(cut -d' ' -f1 /etc/provision/cluster 2> /dev/null) || c=
[ "$c" = 7f3c1f0e-0000-4000-8000-000000000001 ] || { echo "it belongs to the cluster ${c:-without a mark}, not to this one"; exit 8; }
export ETCDCTL_API=3; eu() { timeout 120 $(command -v etcdutl || command -v etcdctl) "$@"; }
D=/var/lib/etcd N=/var/lib/etcd/.restore-20261125T024000Z.provision-tmp
mkdir -p "$D"; find "$D/" -mindepth 1 -maxdepth 1 -name '.restore-*.provision-tmp' -exec rm -rf {} +
set -- snapshot restore /var/lib/provision/snapshots/restore-20261125T024000Z.db --name controller-0 --initial-cluster 'controller-0=https://192.168.2.2:2380,controller-1=https://192.168.2.3:2380,controller-2=https://192.168.2.4:2380'
set -- "$@" --initial-cluster-token kubernetes-the-hard-way-7f3c1f0e-20261125T024000Z --initial-advertise-peer-urls https://192.168.2.2:2380 --data-dir "$N"
set -- "$@" --skip-hash-check
if eu snapshot restore --help 2>&1 | grep -q -e --bump-revision; then set -- "$@" --bump-revision 1000000000 --mark-compacted; echo bumped; fi
o=$(eu "$@" 2>&1) || { echo "$o" | tail -n 4; rm -rf "$N"; exit 1; }
chown -R etcd:etcd "$N"; chmod -R u=rwX,go= "$N"
[ -d "$N/member" ] || { echo "etcdctl made no $N/member"; exit 1; }

## swap
c=$(cut -d' ' -f1 /etc/provision/cluster 2> /dev/null) || c=
[ "$c" = 7f3c1f0e-0000-4000-8000-000000000001 ] || { echo "it belongs to the cluster ${c:-without a mark}, not to this one"; exit 8; }
D=/var/lib/etcd N=/var/lib/etcd/.restore-20261125T024000Z.provision-tmp K=/var/lib/etcd/member.before-20261125T024000Z
! systemctl -q is-active etcd.service || { echo "etcd.service still runs"; exit 1; }
[ -d "$N/member" ] || { echo "there is no $N/member"; exit 1; }
chown etcd:etcd "$D"; chmod 700 "$D"
if [ -e "$D/member" ]; then mv -T "$D/member" "$K"; echo "kept $K"; fi
mv -T "$N/member" "$D/member"; rmdir "$N"; rm -f /var/lib/provision/snapshots/restore-20261125T024000Z.db
! command -v restorecon > /dev/null || restorecon -R "$D"

## abandon
rm -rf /var/lib/etcd/.restore-20261125T024000Z.provision-tmp /var/lib/provision/snapshots/restore-20261125T024000Z.db

## start again
c=$(cut -d' ' -f1 /etc/provision/cluster 2> /dev/null) || c=
[ "$c" = 7f3c1f0e-0000-4000-8000-000000000001 ] || { echo "it belongs to the cluster ${c:-without a mark}, not to this one"; exit 8; }
for u in kubelet.service kube-proxy.service; do
systemctl reset-failed $u 2> /dev/null || true
systemctl start --no-block $u
done
