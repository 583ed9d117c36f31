/// What containerd's CRI is asked for, as the kubelet asks it, with the host's own curl: no host needs crictl.
///
/// CRI is gRPC: HTTP/2 on a socket, one frame of a zero, four bytes of length and a message. Of the answer's messages only
/// the ids of sandboxes and containers are read: field 1, 64 hexadecimal digits, before field 2, so that `\n@`, the id and
/// byte 18 begin each. No name and no label holds that; an annotation may, and CRI then knows no such id.
/// Where curl has no HTTP/2, or CRI does not answer, nothing is listed and nothing is done.
///
/// Source: `api.proto` of k8s.io/cri-api; the same for v1 and v1alpha2, which containerd before 1.6 speaks alone.
enum ContainerRuntimeCall {
    /// For the shell that ran `stop`: sandboxes go, with their containers.
    static let removal = #"""
        [ -z "$p" ] || cri_each 45 RemovePodSandbox '\000\000\000\000\102\012\100%s' $p
        """#

    /// Containers get their own signal and ten seconds, since a sandbox that stops kills them at once; then the sandboxes
    /// stop, which deletes their network: addresses, cables, rules of ports.
    ///
    /// Leaves the version in `$v` and the sandboxes in `$p`, which is empty where CRI lists none.
    static let stop = #"""
        rpc='printf "$4" "$5" | curl -qs --noproxy "*" -m "$3" --http2-prior-knowledge --unix-socket /run/containerd/containerd.sock \
        -H "content-type: application/grpc" -H "te: trailers" --data-binary @- "http://localhost/runtime.$1.RuntimeService/$2"'
        cri_list() { # version, method
          sh -c "$rpc" sh "$1" "$2" 5 '\000\000\000\000\000' '' 2> /dev/null | grep -aoE "^@[0-9a-f]{64}$(printf '\022')" | tr -d '@\022'; }
        cri_each() { # seconds for all, method, message, ids: side by side
          n=$1 m=$2 f=$3; shift 3
          printf '%s\n' "$@" | timeout $n xargs -r -n 1 -P 64 sh -c "$rpc" sh "$v" "$m" "$n" "$f" > /dev/null 2>&1 || true; }
        for v in v1 v1alpha2; do p=$(cri_list $v ListPodSandbox); [ -z "$p" ] || break; done
        if [ -n "$p" ]; then
        cri_each 30 StopContainer '\000\000\000\000\104\012\100%s\020\012' $(cri_list $v ListContainers)
        cri_each 45 StopPodSandbox '\000\000\000\000\102\012\100%s' $p; fi
        """#
}
