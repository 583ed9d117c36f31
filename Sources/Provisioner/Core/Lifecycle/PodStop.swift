/// Ends what runs in pods while containerd still answers; their processes outlive kubelet and containerd.
///
/// The kubelet must be stopped before, or it starts them again.
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

    /// After it: sandboxes with their containers through CRI, then what containerd still lists.
    ///
    /// - Parameter failure: What is done with a container `$t` that containerd does not delete.
    /// - Returns: POSIX sh for the shell that ran `script`.
    static func removal(orElse failure: String = "true") -> String {
        """
        \(ContainerRuntimeCall.removal)
        for t in $($c tasks ls -q 2> /dev/null); do $c tasks rm -f $t > /dev/null 2>&1 || true; done
        for t in $($c containers ls -q 2> /dev/null); do $c containers rm $t > /dev/null 2>&1 || \(failure); done
        """
    }

    /// What `script` and `removal` take where CRI lists pods and then answers no more.
    static let seconds = 150

    /// Through CRI, which also takes the pods' network down; then what still runs: SIGTERM, up to ten seconds, SIGKILL.
    ///
    /// Defines `$c`, the call of `ctr`.
    static let script = """
        \(ContainerRuntimeCall.stop)
        c="timeout 20 ctr --connect-timeout 3s -n k8s.io"
        for t in $($c tasks ls -q 2> /dev/null); do $c tasks kill -s SIGTERM -a $t > /dev/null 2>&1 || true; done
        i=0; while [ $i -lt 20 ] && $c tasks ls 2> /dev/null | grep -q RUNNING; do sleep 0.5; i=$((i + 1)); done
        for t in $($c tasks ls -q 2> /dev/null); do $c tasks kill -s SIGKILL -a $t > /dev/null 2>&1 || true; done
        """
}
