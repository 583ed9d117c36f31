/// Ends what runs in pods while containerd still answers; their processes outlive kubelet and containerd.
enum PodStop {
    /// The label of every container of a pod under docker.
    static let dockerLabel = "io.kubernetes.docker.type"

    /// The same through dockerd, which also deletes them: where docker stays for somebody else, nothing of them does.
    static let dockerScript = """
        if systemctl -q is-active docker.service; then
        d="timeout 60 docker" f="label=\(dockerLabel)"
        p=$($d ps -q --filter $f 2> /dev/null || true); [ -z "$p" ] || $d stop -t 10 $p > /dev/null 2>&1 || true
        p=$($d ps -aq --filter $f 2> /dev/null || true); [ -z "$p" ] || $d rm -f $p > /dev/null 2>&1 || true; fi
        """

    /// After it: what containerd still lists of them.
    static let removal = """
        for t in $($c tasks ls -q 2> /dev/null); do $c tasks rm -f $t > /dev/null 2>&1 || true; done
        for t in $($c containers ls -q 2> /dev/null); do $c containers rm $t > /dev/null 2>&1 || true; done
        """

    /// Defines `$c`, sends SIGTERM, waits up to ten seconds for all of them, then SIGKILL.
    static let script = """
        c="timeout 20 ctr --connect-timeout 3s -n k8s.io"
        for t in $($c tasks ls -q 2> /dev/null); do $c tasks kill -s SIGTERM -a $t > /dev/null 2>&1 || true; done
        i=0; while [ $i -lt 20 ] && $c tasks ls 2> /dev/null | grep -q RUNNING; do sleep 0.5; i=$((i + 1)); done
        for t in $($c tasks ls -q 2> /dev/null); do $c tasks kill -s SIGKILL -a $t > /dev/null 2>&1 || true; done
        """
}
