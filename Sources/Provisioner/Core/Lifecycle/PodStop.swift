/// Ends what runs in pods while containerd still answers; their processes outlive kubelet and containerd.
enum PodStop {
    /// Defines `$c`, sends SIGTERM, waits up to ten seconds for all of them, then SIGKILL.
    static let script = """
        c="timeout 20 ctr --connect-timeout 3s -n k8s.io"
        for t in $($c tasks ls -q 2> /dev/null); do $c tasks kill -s SIGTERM -a $t > /dev/null 2>&1 || true; done
        i=0; while [ $i -lt 20 ] && $c tasks ls 2> /dev/null | grep -q RUNNING; do sleep 0.5; i=$((i + 1)); done
        for t in $($c tasks ls -q 2> /dev/null); do $c tasks kill -s SIGKILL -a $t > /dev/null 2>&1 || true; done
        """
}
