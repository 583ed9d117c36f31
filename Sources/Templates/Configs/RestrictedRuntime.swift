/// An OCI runtime for docker on machines that refuse a negative oom_score_adj: runc, told no score below its own.
///
/// The kubelet gives every sandbox -998, and runc starts nothing whose score the kernel refuses. containerd has an option
/// for that (`restrict_oom_score_adj`), dockerd has none, but it lets one choose the program that makes containers.
package struct RestrictedRuntime: Sendable {
    /// By this name dockerd knows it.
    package static let name = "restricted"

    package var paths: HostPaths

    package init(paths: HostPaths = .standard) { self.paths = paths }

    /// POSIX sh; called as runc is, with its configuration in the bundle (OCI runtime specification).
    package static let script = #"""
        #!/bin/sh
        # runc, where the kernel refuses to lower oom_score_adj: a container gets this process's own score instead.
        set -eu
        bundle=. before=
        for word in "$@"; do
            case $before in --bundle | -b) bundle=$word ;; esac
            case $word in --bundle=*) bundle=${word#*=} ;; esac
            before=$word
        done
        if [ -f "$bundle/config.json" ]; then
            own=$(cat /proc/self/oom_score_adj)
            sed -i "s/\"oomScoreAdj\": *-[0-9]*/\"oomScoreAdj\":$own/" "$bundle/config.json"
        fi
        exec runc "$@"

        """#

    package func rendered() -> RenderedFile {
        RenderedFile(path: paths.restrictedRuntime, text: Self.script, mode: 0o755, secrecy: .open)
    }
}
