cd /var/lib/kubelet/pods
find . -mindepth 4 -maxdepth 4 -type d \( -path '*/volumes/kubernetes.io~projected/*' -o -path '*/volumes/kubernetes.io~secret/*' \) -exec grep -rlsaE '^(h|i)\.' {} + | cut -d/ -f2 | sort -u | sed 's/^/pod /'
