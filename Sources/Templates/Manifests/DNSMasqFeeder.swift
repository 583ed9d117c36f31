/// The script that turns services and endpoints into a hosts file for dnsmasq.
package enum DNSMasqFeeder {
    /// POSIX sh; needs kubectl, CLUSTER_DOMAIN and the directory /hosts (or HOSTS_DIRECTORY).
    ///
    /// Two watches only say that something changed; the file is made anew from a full list, at most once a second and at
    /// least every fifteen, and moved into place, so that dnsmasq never reads half of it. A list that fails leaves the
    /// last file standing; a watch on an API server that lost its power hangs for most of a minute, hence the fifteen.
    /// kubectl has a --request-timeout, but with any such flag it does not look for the pod's own credentials.
    package static let script = #"""
        set -eu
        directory=${HOSTS_DIRECTORY:-/hosts}
        work=$(mktemp -d)
        trap 'rm -rf "$work"' EXIT
        trap 'exit 0' TERM INT

        services='{{range .items}}{{if .spec.clusterIP}}{{if ne .spec.clusterIP "None"}}{{.spec.clusterIP}} {{.metadata.name}}.{{.metadata.namespace}}{{"\n"}}{{end}}{{end}}{{end}}'
        endpoints='{{range .items}}{{$name := .metadata.name}}{{$space := .metadata.namespace}}{{range .subsets}}{{range .addresses}}{{if .hostname}}{{.ip}} {{.hostname}}.{{$name}}.{{$space}}{{"\n"}}{{end}}{{.ip}} {{$name}}.{{$space}}{{"\n"}}{{end}}{{end}}{{end}}'

        render() {
            timeout 10 kubectl get services --all-namespaces -o "go-template=$services" >"$work/names" &&
                timeout 10 kubectl get endpoints --all-namespaces -l service.kubernetes.io/headless \
                    -o "go-template=$endpoints" >>"$work/names" || return 1
            while read -r address name; do
                echo "$address $name.svc.$CLUSTER_DOMAIN"
            done <"$work/names" >"$directory/.cluster"
            if cmp -s "$directory/.cluster" "$directory/cluster"; then
                rm -f "$directory/.cluster"
            else
                mv "$directory/.cluster" "$directory/cluster"
            fi
        }

        watch() {
            while :; do
                kubectl get "$1" --all-namespaces --watch --output name 2>/dev/null |
                    while read -r line; do : >"$work/changed"; done || true
                : >"$work/changed"
                sleep 2
            done
        }

        watch services &
        watch endpoints &
        : >"$work/changed"
        quiet=0
        while :; do
            if [ -e "$work/changed" ] || [ "$quiet" -ge 15 ]; then
                rm -f "$work/changed"
                quiet=0
                render || : >"$work/changed"
            fi
            quiet=$((quiet + 1))
            sleep 1
        done

        """#
}
