for f in $(find /var/lib/kubelet/pods -mindepth 5 -maxdepth 5 -name token 2> /dev/null); do
  h=$(cut -d. -f1 "$f" 2> /dev/null); u=${f#/var/lib/kubelet/pods/}
  case $h in eyJ*) [ "$h" = h ] || echo "pod ${u%%/*}";; esac
done
